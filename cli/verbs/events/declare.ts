import { type Declare, outputOption, remoteVerb } from '../verb.ts';

export const declareEvents: Declare = (program, finish) => {
  remoteVerb(program, {
    name: 'events',
    description: 'print the events of an application, or of one of its objects, the newest last',
    examples: ['shop', 'shop Deployment/api', 'shop -o json'],
  })
    .argument('<app>', 'name of the application')
    .argument('[object]', 'one object and what it owns: Kind/name or Kind/namespace/name (default: all)')
    .addOption(outputOption())
    .action(async (app, object, options) => finish(await (await import('./run.ts')).events(app, object, options)));
};
