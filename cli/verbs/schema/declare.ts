import { type Declare, verb } from '../verb.ts';

export const declareSchema: Declare = (program, finish) => {
  verb(program, {
    name: 'schema',
    description: 'print the JSON Schema of a kind, for editors; without a kind, list the kinds',
    examples: ['Application > application.schema.json', 'all'],
  })
    .argument('[kind]', 'Application, Project, Cluster, Repository, or all for files with several kinds')
    .action(async (kind) => finish((await import('./run.ts')).schema(kind)));
};
