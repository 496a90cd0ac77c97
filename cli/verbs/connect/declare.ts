import { Argument, InvalidArgumentError, Option } from 'commander';
import { type Declare, outputOption, verb } from '../verb.ts';

export const declareConnect: Declare = (program, finish) => {
  verb(program, {
    name: 'connect',
    description: 'print the steps that connect a forge to the deployer on AWS',
    examples: ['github --repo acme/shop', 'gitlab --host git.example.com --outputs cdk-outputs.json'],
  })
    .addArgument(new Argument('<forge>', 'forge that sends the pushes').choices(['github', 'gitlab']))
    .option('--outputs <file>', 'outputs as cdk deploy --outputs-file writes them', 'cdk-outputs.json')
    .option('--stack <name>', 'stack in that file (default: the only deployer)')
    .option('--url <url>', 'address of the deployer, instead of a file of outputs')
    .addOption(
      new Option('--host <host>', 'self-managed server (default: github.com or gitlab.com)').argParser(hostName),
    )
    .addOption(new Option('--repo <path>', 'repository for the commands, as OWNER/REPO').argParser(repository))
    .addOption(outputOption())
    .action(async (forge, options) => finish(await (await import('./run.ts')).connect(forge, options)));
};

function repository(text: string): string {
  if (/^[\w.-]+(\/[\w.-]+)+$/.test(text)) return text;
  throw new InvalidArgumentError('Write it as OWNER/REPO.');
}

function hostName(text: string): string {
  if (/^[a-z0-9][a-z0-9.-]*(:\d{1,5})?$/.test(text)) return text;
  throw new InvalidArgumentError('Write it as git.example.com.');
}
