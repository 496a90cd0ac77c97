import { Option } from 'commander';
import { type Declare, durationOf, outputOption, remoteVerb } from '../verb.ts';

export const declareSuspend: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'suspend',
    description: 'stop automatic deployments and corrections of an application',
    examples: ['shop --reason "load test" --for 2h'],
  })
    .argument('<app>', 'name of the application')
    .requiredOption('--reason <text>', 'reason, shown in status')
    .addOption(new Option('--for <time>', 'duration (default: until it is resumed)').argParser(durationOf))
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).suspend(app, options)));
};
