import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareDelete: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'delete',
    description: 'list what deleting the objects of an application would delete and keep; deletes nothing',
    examples: ['shop'],
  })
    .argument('<app>', 'name of the application')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).deleteApplication(app, options)));
};
