import { Argument, InvalidArgumentError, Option } from 'commander';
import { type Declare, outputOption, verb } from '../verb.ts';

export const declareConnect: Declare = (program, finish) => {
  verb(program, 'connect', 'print what to do so that pushes to a forge reach the deployer on AWS')
    .addArgument(new Argument('<forge>', 'whose pushes').choices(['github', 'gitlab']))
    .option('--outputs <file>', 'what cdk deploy --outputs-file has written', 'cdk-outputs.json')
    .option('--stack <name>', 'which stack of that file (default: the only deployer)')
    .option('--url <url>', 'where the deployer answers, instead of a file of outputs')
    .addOption(
      new Option('--host <host>', 'a server of your own (default: github.com or gitlab.com)').argParser(hostName),
    )
    .addOption(new Option('--repo <path>', 'a repository, as OWNER/REPO, for the commands').argParser(repository))
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
