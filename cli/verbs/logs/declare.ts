import { InvalidArgumentError } from 'commander';
import { type Declare, durationOf, outputOption, remoteVerb } from '../verb.ts';

export const declareLogs: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'logs',
    description: 'print the logs of an application, or of one of its objects',
    examples: ['shop', 'shop Deployment/api -f', 'shop pod/api-5d5 -c proxy --previous', 'shop --since 5m'],
  })
    .argument('<app>', 'name of the application')
    .argument('[object]', 'one object and what it owns: Kind/name or Kind/namespace/name (default: all pods)')
    .option('-f, --follow', 'print new lines until Ctrl-C')
    .option('-c, --container <name>', 'one container (default: all)')
    .option('--previous', 'of the instance before the last restart')
    .option('--since <duration>', 'only lines that are younger', durationOf)
    .option('--tail <lines>', 'the last lines of each container (default: 100; all with --since)', linesOf)
    .option('--timestamps', 'print the time of each line')
    .addOption(outputOption('text', ['text', 'json']))
    .action(async (app, object, options) => finish(await (await import('./run.ts')).logs(app, object, options)));
};

function linesOf(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) <= 100_000) return Number(text);
  throw new InvalidArgumentError('Write a number from 0 to 100000.');
}
