import { Option } from 'commander';
import { countOf, type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareRollback: Declare = (program, finish) => {
  remoteVerb(program, 'rollback', 'go back to an earlier deployment of an application; Git is not needed')
    .argument('<app>', 'name of the application')
    .addOption(
      new Option('--to <seq>', 'operation of the history (default: the last good one of another commit)').argParser(
        countOf,
      ),
    )
    .option('--wait', 'wait until it has ended, and say how')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).rollback(app, options)));
};
