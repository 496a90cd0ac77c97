import { InvalidArgumentError, Option } from 'commander';
import { sourceVerb } from '../source-verb.ts';
import { type Declare, outputOption } from '../verb.ts';

export const declareRender: Declare = (program, finish) => {
  sourceVerb(program, 'render', 'print the objects of a folder as they would be applied, in that order')
    .option('--raw', 'print exactly what the renderer made, without our label or namespace')
    .addOption(
      new Option('--kube-version <version>', 'what charts see as the version of the cluster')
        .argParser(kubeVersion)
        .default('v1.36.0'),
    )
    .addOption(
      new Option('--api-versions <list>', 'what charts see as served, separated by commas')
        .argParser(commaSeparated)
        .default([], 'none'),
    )
    .addOption(outputOption('yaml'))
    .action(async (path, options) => finish(await (await import('./run.ts')).render(path, options)));
};

function commaSeparated(list: string): readonly string[] {
  return list.split(',').filter((item) => item !== '');
}

function kubeVersion(text: string): string {
  if (/^v?\d+\.\d+(\.\d+)?([-+].+)?$/.test(text)) return text;
  throw new InvalidArgumentError('Write it as v1.36.0.');
}
