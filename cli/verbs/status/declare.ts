import { type Declare, outputOption, remoteVerb, selectorOption } from '../verb.ts';

export const declareStatus: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'status',
    description: 'print the sync and health status of applications',
    examples: ['', 'shop', 'shop --live', '-l team=payments,env!=test', '--watch', '-o json'],
  })
    .argument('[app]', 'one application in detail (default: a table of all)')
    .option('--live', 'scan the clusters first, instead of showing what the last scan has seen')
    .option('--watch', 'print again when the status changes, until Ctrl-C')
    .option(
      '--ignore-waiting',
      'exit with 0 also where an application is only behind Git: manual, suspended or waiting',
    )
    .addOption(selectorOption())
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).status(app, options)));
};
