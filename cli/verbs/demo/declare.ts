import { type Declare, outputOption, verb } from '../verb.ts';

export const declareDemo: Declare = (program, finish) => {
  verb(program, {
    name: 'demo',
    description: 'show Driftless at work: a Git server, a cluster and the deployer on this machine',
    examples: ['', '--once'],
  })
    .option('--once', 'exit after the tour')
    .addOption(outputOption('text', ['text', 'json']))
    .action(async (options) => finish(await (await import('./run.ts')).demo(options)));
};
