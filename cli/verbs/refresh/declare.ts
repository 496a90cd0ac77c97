import { type Declare, outputOption, remoteVerb, selectorOption } from '../verb.ts';

export const declareRefresh: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'refresh',
    description: 'ask Git and the cluster now, and print what was found',
    examples: ['shop', '--all'],
  })
    .argument('[apps...]', 'names of applications')
    .option('--all', 'all applications')
    .addOption(selectorOption())
    .option(
      '--ignore-waiting',
      'exit with 0 also where an application is only behind Git: manual, suspended or waiting',
    )
    .addOption(outputOption())
    .action(async (apps, options) => finish(await (await import('./run.ts')).refresh(apps, options)));
};
