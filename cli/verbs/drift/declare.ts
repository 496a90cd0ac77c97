import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareDrift: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'drift',
    description: 'print objects that differ from what was deployed, who changed them and when',
    examples: ['', 'shop --now', '-o json'],
  })
    .argument('[app]', 'one application (default: all)')
    .option('--now', 'scan the cluster first, instead of printing the result of the last scan')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).drift(app, options)));
};
