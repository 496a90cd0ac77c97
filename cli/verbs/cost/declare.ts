import { InvalidArgumentError, Option } from 'commander';
import { countOf, type Declare, durationOf, outputOption, verb } from '../verb.ts';
import { PRICES } from './prices.ts';

export const declareCost: Declare = (program, finish) => {
  verb(program, {
    name: 'cost',
    description: 'estimate the monthly cost on AWS and compare it with alternatives',
    examples: ['--apps 50', '--apps 200 --pushes 400 --clusters 3 -o json'],
  })
    .addOption(new Option('--apps <number>', 'number of applications').argParser(countOf).makeOptionMandatory())
    .addOption(new Option('--pushes <number>', 'deploying pushes per day').argParser(countOf).default(50))
    .addOption(new Option('--scan <time>', 'interval between drift scans').argParser(durationOf).default(300_000, '5m'))
    .addOption(
      new Option('--scan-seconds <number>', 'measured duration of a scan (default: modelled)').argParser(secondsOf),
    )
    .addOption(
      new Option('--objects <number>', 'objects in all applications (default: 30 per application)').argParser(countOf),
    )
    .addOption(new Option('--clusters <number>', 'number of destination clusters').argParser(countOf).default(1))
    .addOption(new Option('--region <name>', 'region of the prices').choices([PRICES.region]).default(PRICES.region))
    .addOption(outputOption())
    .action(async (options) => finish((await import('./run.ts')).cost(options)));
};

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,5}(\.\d{1,6})?$/.test(text) && seconds > 0) return seconds;
  throw new InvalidArgumentError('Write it as 0.8 or 12.');
}
