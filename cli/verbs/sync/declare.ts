import { type Declare, outputOption, remoteVerb, selectorOption } from '../verb.ts';

export const declareSync: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'sync',
    description: 'deploy the newest commit of an application now',
    examples: ['shop', 'shop --wait', 'shop --dry-run', '--all'],
  })
    .argument('[apps...]', 'names of applications')
    .option('--all', 'all applications')
    .addOption(selectorOption())
    .option('--dry-run', 'print what would change, by dry-runs on the API server; nothing is written')
    .option('--wait', 'wait for the end of the operation and print its outcome')
    .option('--release', 'deploy the newest commit even if it was rolled back and is held')
    .addOption(outputOption())
    .action(async (apps, options) => finish(await (await import('./run.ts')).sync(apps, options)));
};
