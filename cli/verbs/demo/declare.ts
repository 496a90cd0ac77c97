import { type Declare, outputOption, verb } from '../verb.ts';

export const declareDemo: Declare = (program, finish) => {
  verb(program, 'demo', 'see it work: a Git server, a cluster and the deployer on this machine')
    .option('--once', 'end after the tour')
    .addOption(outputOption('text', ['text', 'json']))
    .action(async (options) => finish(await (await import('./run.ts')).demo(options)));
};
