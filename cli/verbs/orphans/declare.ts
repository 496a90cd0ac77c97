import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareOrphans: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'orphans',
    description: 'print objects that were deployed for an application which is no longer configured',
    examples: ['', '--cluster prod', '-o json'],
  })
    .option('--cluster <name>', 'one cluster (default: all)')
    .addOption(outputOption())
    .action(async (options) => finish(await (await import('./run.ts')).orphans(options)));
};
