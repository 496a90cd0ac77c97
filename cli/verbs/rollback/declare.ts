import { Option } from 'commander';
import { countOf, type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareRollback: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'rollback',
    description: 'return to an earlier deployment of an application, without Git',
    examples: ['shop', 'shop --to 12 --wait'],
  })
    .argument('<app>', 'name of the application')
    .addOption(
      new Option(
        '--to <seq>',
        'number of an operation in the history (default: the last good one of another commit)',
      ).argParser(countOf),
    )
    .option('--wait', 'wait for the end of the operation and print its outcome')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).rollback(app, options)));
};
