import { type Command, InvalidArgumentError, Option } from 'commander';
import { AWS_REGION } from '../../lib/model/aws-region.ts';
import { DEFAULT_URL } from '../client/deployer-address.ts';

/** Takes a verb's exit code. */
export type Finish = (exitCode: number) => void;

/** Adds a verb to the program. */
export type Declare = (program: Command, finish: Finish) => void;

/** What the help of a verb says: one line, and command lines as its users type them, without the program's name. */
export type VerbHelp = {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly string[];
};

/** A verb with its help. */
export function verb(program: Command, { name, description, examples }: VerbHelp): Command {
  const lines = examples.map((example) => `  driftless ${name} ${example}`.trimEnd());
  return program
    .command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
    .showHelpAfterError(`hint: driftless ${name} --help explains the options`);
}

/** A verb that queries a running deployer. */
export function remoteVerb(program: Command, help: VerbHelp): Command {
  return verb(program, help)
    .addOption(
      new Option('--url <url>', `address of the deployer (default: the one on this machine, else ${DEFAULT_URL})`)
        .env('DRIFTLESS_URL')
        .argParser(httpUrl),
    )
    .addOption(
      new Option('--region <region>', 'AWS region, where a custom domain name does not contain it')
        .env('DRIFTLESS_REGION')
        .argParser(awsRegion),
    );
}

/** `-o`, as every verb has it. */
export function outputOption(fallback = 'text', choices: readonly string[] = ['text', 'yaml', 'json']): Option {
  return new Option('-o, --output <format>', 'output format').choices(choices).default(fallback);
}

/** `-l`, as every verb has it that is about several applications. */
export function selectorOption(): Option {
  return new Option('-l, --selector <labels>', 'only applications with these labels, such as team=a,env!=test');
}

/** `30s`, `5m`, `2h` or `1d`, in milliseconds. */
export function durationOf(text: string): number {
  const found = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[found?.[2] ?? ''];
  if (found !== null && unit !== undefined && Number(found[1]) > 0) return Number(found[1]) * unit * 1000;
  throw new InvalidArgumentError('Write it as 30s, 5m, 2h or 1d.');
}

/** A positive whole number. */
export function countOf(text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError('Write a number from 1.');
}

function awsRegion(text: string): string {
  if (AWS_REGION.test(text)) return text;
  throw new InvalidArgumentError('Write it as eu-central-1.');
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('Write it as http://127.0.0.1:8080.');
}
