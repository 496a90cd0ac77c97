import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareSync: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'sync',
    description: 'deploy the newest commit of an application now',
    examples: ['shop', 'shop --wait'],
  })
    .argument('<app>', 'name of the application')
    .option('--wait', 'wait for the end of the operation and print its outcome')
    .option('--release', 'deploy the newest commit even if it was rolled back and is held')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).sync(app, options)));
};
