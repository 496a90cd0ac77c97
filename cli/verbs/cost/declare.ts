import { InvalidArgumentError, Option } from 'commander';
import { countOf, type Declare, durationOf, outputOption, verb } from '../verb.ts';
import { PRICES } from './prices.ts';

export const declareCost: Declare = (program, finish) => {
  verb(program, 'cost', 'calculate what a month costs on AWS, beside what others cost')
    .addOption(new Option('--apps <number>', 'applications').argParser(countOf).makeOptionMandatory())
    .addOption(
      new Option('--pushes <number>', 'pushes a day that deploy an application').argParser(countOf).default(50),
    )
    .addOption(
      new Option('--scan <time>', 'how often drift is looked for').argParser(durationOf).default(300_000, '5m'),
    )
    .addOption(
      new Option('--scan-seconds <number>', 'how long a scan takes, where you have measured it').argParser(secondsOf),
    )
    .addOption(new Option('--objects <number>', 'objects in all applications (default: 30 each)').argParser(countOf))
    .addOption(new Option('--clusters <number>', 'clusters that they are deployed to').argParser(countOf).default(1))
    .addOption(new Option('--region <name>', 'whose prices').choices([PRICES.region]).default(PRICES.region))
    .addOption(outputOption())
    .action(async (options) => finish((await import('./run.ts')).cost(options)));
};

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,5}(\.\d{1,6})?$/.test(text) && seconds > 0) return seconds;
  throw new InvalidArgumentError('Write it as 0.8 or 12.');
}
