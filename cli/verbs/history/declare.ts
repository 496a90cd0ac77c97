import { Option } from 'commander';
import { countOf, type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareHistory: Declare = (program, finish) => {
  remoteVerb(program, 'history', 'print what was deployed when, and how it ended')
    .argument('<app>', 'name of the application')
    .addOption(new Option('--limit <number>', 'how many operations, the newest first').argParser(countOf).default(20))
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).history(app, options)));
};
