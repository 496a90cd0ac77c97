import { InvalidArgumentError, Option } from 'commander';
import { type Declare, durationOf, verb } from './verb.ts';

export const declareDev: Declare = (program, finish) => {
  verb(program, 'dev', 'run the whole deployer on this machine, until Ctrl-C')
    .requiredOption('--config <dir>', 'folder with the configuration; changes in it take effect at once')
    .option('--kubeconfig <file>', 'how the cluster is reached (default: a control plane of its own is started)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addOption(
      new Option('--port <number>', 'where webhooks and verbs are answered; 0 takes a free port')
        .argParser(portNumber)
        .default(8080),
    )
    .option('--state <dir>', 'where state is kept', '.driftless')
    .addOption(
      new Option(
        '--deployer <identity>',
        'whose the written objects are (default: kept in the state folder, random at first)',
      ).argParser(identity),
    )
    .option('--secrets <file>', 'secrets of webhooks and repositories (default: none, webhooks are off)')
    .addOption(
      new Option('--scan-interval <time>', 'how often drift is looked for; 0 is never')
        .argParser(interval)
        .default(30_000, '30s'),
    )
    .addOption(new Option('--log <format>', 'how to log').choices(['text', 'json']).default('text'))
    .action(async (options) => finish(await (await import('../verbs/dev.ts')).dev(options)));
};

function identity(text: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('Write at most 63 letters, digits, dots and dashes.');
}

function interval(text: string): number {
  return text === '0' ? 0 : durationOf(text);
}

function portNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('Write a number from 0 (any free port) to 65535.');
}
