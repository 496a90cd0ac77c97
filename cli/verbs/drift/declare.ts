import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareDrift: Declare = (program, finish) => {
  remoteVerb(program, 'drift', 'print what is not as it was deployed, who changed it and since when')
    .argument('[app]', 'one application; all of them where it is left out')
    .option('--now', 'look at the cluster first, instead of printing what the last scan has found')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).drift(app, options)));
};
