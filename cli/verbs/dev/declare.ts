import { InvalidArgumentError, Option } from 'commander';
import { type Declare, durationOf, verb } from '../verb.ts';

export const declareDev: Declare = (program, finish) => {
  verb(program, {
    name: 'dev',
    description: 'run the whole deployer on this machine until Ctrl-C',
    examples: ['--config deploy', '--config deploy --kubeconfig ~/.kube/config --secrets secrets.yaml'],
  })
    .requiredOption('--config <dir>', 'folder with the configuration; edits take effect at once')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster (default: an embedded control plane is started)')
    .option('--context <name>', 'context in the kubeconfig (default: the current one)')
    .addOption(
      new Option('--port <number>', 'port for webhooks and the API; 0 selects a free port')
        .argParser(portNumber)
        .default(8080),
    )
    .option('--state <dir>', 'folder for the state', '.driftless')
    .addOption(
      new Option(
        '--deployer <identity>',
        'identity that marks the deployed objects (default: random, kept in the state folder)',
      ).argParser(identity),
    )
    .option('--secrets <file>', 'file with secrets of webhooks and repositories (default: none, webhooks are off)')
    .addOption(
      new Option('--scan-interval <time>', 'interval between drift scans; 0 disables them')
        .argParser(interval)
        .default(30_000, '30s'),
    )
    .addOption(new Option('--log <format>', 'log format').choices(['text', 'json']).default('text'))
    .action(async (options) => finish(await (await import('./run.ts')).dev(options)));
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
