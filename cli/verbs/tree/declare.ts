import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareTree: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'tree',
    description: 'print the live objects of an application with what they own, down to the pods',
    examples: ['shop', 'shop -o wide', 'shop -o json'],
  })
    .argument('<app>', 'name of the application')
    .addOption(outputOption('text', ['text', 'wide', 'name', 'yaml', 'json']))
    .action(async (app, options) => finish(await (await import('./run.ts')).tree(app, options)));
};
