import { type Declare, outputOption, verb } from '../verb.ts';

export const declareValidate: Declare = (program, finish) => {
  verb(program, 'validate', 'check a configuration; every problem of every file is reported')
    .argument('<dir>', 'folder with configuration, or one file')
    .addOption(outputOption())
    .action(async (dir, options) => finish(await (await import('./run.ts')).validate(dir, options)));
};
