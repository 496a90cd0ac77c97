import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareStatus: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'status',
    description: 'print the sync and health status of applications',
    examples: ['', 'shop', '--watch', '-o json'],
  })
    .argument('[app]', 'one application in detail (default: a table of all)')
    .option('--watch', 'print again when the status changes, until Ctrl-C')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).status(app, options)));
};
