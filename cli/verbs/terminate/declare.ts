import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareTerminate: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'terminate',
    description: 'end the running operation of an application at its next boundary',
    examples: ['shop', 'shop --wait'],
  })
    .argument('<app>', 'name of the application')
    .option('--wait', 'wait until it has ended')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).terminate(app, options)));
};
