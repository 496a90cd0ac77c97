import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareStatus: Declare = (program, finish) => {
  remoteVerb(program, 'status', 'print how applications stand to Git, and how they do')
    .argument('[app]', 'one application in detail; all of them where it is left out')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).status(app, options)));
};
