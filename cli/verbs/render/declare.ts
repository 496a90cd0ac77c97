import { InvalidArgumentError, Option } from 'commander';
import { sourceVerb } from '../source-verb.ts';
import { type Declare, outputOption } from '../verb.ts';

export const declareRender: Declare = (program, finish) => {
  sourceVerb(program, {
    name: 'render',
    description: 'print the objects of a folder as a deployment would apply them, in that order',
    examples: ['deploy/prod', 'charts/shop --name shop --namespace shop', 'deploy/prod -f apps/shop.yaml -o json'],
  })
    .option('--raw', 'print the output of the renderer unchanged, without label or namespace')
    .addOption(
      new Option('--kube-version <version>', 'Kubernetes version that charts see')
        .argParser(kubeVersion)
        .default('v1.36.0'),
    )
    .addOption(
      new Option('--api-versions <list>', 'API versions that charts see, separated by commas')
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
