import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareResume: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'resume',
    description: 'end a suspension and deploy the newest commit',
    examples: ['shop'],
  })
    .argument('<app>', 'name of the application')
    .addOption(outputOption())
    .action(async (app, options) => finish(await (await import('./run.ts')).resume(app, options)));
};
