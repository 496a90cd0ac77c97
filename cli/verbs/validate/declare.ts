import { type Declare, outputOption, verb } from '../verb.ts';

export const declareValidate: Declare = (program, finish) => {
  verb(program, {
    name: 'validate',
    description: 'check configuration files and report every problem',
    examples: ['deploy', 'deploy/shop.yaml -o json'],
  })
    .argument('<dir>', 'folder with configuration files, or one file')
    .addOption(outputOption())
    .action(async (dir, options) => finish(await (await import('./run.ts')).validate(dir, options)));
};
