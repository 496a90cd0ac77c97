import { Option } from 'commander';
import { type Declare, durationOf, outputOption, remoteVerb, selectorOption } from '../verb.ts';

export const declareWait: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'wait',
    description: 'wait until applications are in sync, healthy, and no operation runs',
    examples: ['shop', 'shop api --health --timeout 10m', '--all'],
  })
    .argument('[apps...]', 'names of applications')
    .option('--all', 'all applications')
    .addOption(selectorOption())
    .option('--sync', 'until they are in sync (default: with --health and --operation)')
    .option('--health', 'until they are healthy')
    .option('--operation', 'until no operation runs')
    .addOption(new Option('--timeout <time>', 'how long at most').argParser(durationOf).default(300_000, '5m'))
    .option('--ignore-waiting', 'do not wait for what is only behind Git: manual, suspended or waiting')
    .addOption(outputOption())
    .action(async (apps, options) => finish(await (await import('./run.ts')).wait(apps, options)));
};
