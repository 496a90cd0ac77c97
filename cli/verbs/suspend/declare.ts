import { Option } from 'commander';
import { type Declare, durationOf, outputOption, remoteVerb } from '../verb.ts';

export const declareSuspend: Declare = (program, finish) => {
  remoteVerb(program, 'suspend', 'deploy and correct nothing by itself until further notice')
    .argument('<app>', 'name of the application')
    .requiredOption('--reason <text>', 'why, for everybody who wonders')
    .addOption(new Option('--for <time>', 'for how long (default: until it is resumed)').argParser(durationOf))
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).suspend(app, options)));
};
