import { Option } from 'commander';
import { countOf, type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareHistory: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'history',
    description: 'print the operations of an application, newest first',
    examples: ['shop', 'shop --limit 5 -o json'],
  })
    .argument('<app>', 'name of the application')
    .addOption(new Option('--limit <number>', 'maximum number of operations').argParser(countOf).default(20))
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).history(app, options)));
};
