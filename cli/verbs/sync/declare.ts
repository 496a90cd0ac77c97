import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareSync: Declare = (program, finish) => {
  remoteVerb(program, 'sync', 'deploy the newest commit of an application now')
    .argument('<app>', 'name of the application')
    .option('--wait', 'wait until it has ended, and say how')
    .option('--release', 'also where the newest commit was rolled back and is held')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).sync(app, options)));
};
