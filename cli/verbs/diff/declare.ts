import { Option } from 'commander';
import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareDiff: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'diff',
    description: 'print how the cluster differs from what is deployed, and what is deployed from the head of Git',
    examples: ['shop', 'shop --object Deployment/api', 'shop --against head', 'shop -o json'],
  })
    .argument('<app>', 'name of the application')
    .option('--object <object>', 'one object: Kind/name or Kind/namespace/name')
    .addOption(new Option('--against <what>', 'only one of the two comparisons').choices(['live', 'head']))
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).diff(app, options)));
};
