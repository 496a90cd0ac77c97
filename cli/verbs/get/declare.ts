import { type Declare, outputOption, remoteVerb, selectorOption } from '../verb.ts';

export const declareGet: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'get',
    description: 'print every object of an application with its sync and health status',
    examples: ['shop', 'shop -o wide', 'shop --live', 'shop -o name', '-l team=payments'],
  })
    .argument('[app]', 'name of the application (default: those of --selector)')
    .addOption(selectorOption())
    .option('--live', 'read what is in the cluster now (a right of its own on AWS)')
    .addOption(outputOption('text', ['text', 'wide', 'name', 'yaml', 'json']))
    .action(async (app, options) => finish(await (await import('./run.ts')).get(app, options)));
};
