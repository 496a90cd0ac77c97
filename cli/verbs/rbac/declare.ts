import { Option } from 'commander';
import { type Declare, verb } from '../verb.ts';

export const declareRbac: Declare = (program, finish) => {
  verb(program, {
    name: 'rbac',
    description: 'print the rights of projects in a cluster, for kubectl apply',
    examples: ['--config deploy | kubectl apply -f -', '--config deploy --project team-a --cluster prod'],
  })
    .addOption(new Option('--config <path>', 'folder or file with configuration').makeOptionMandatory())
    .option('--project <name>', 'only this project')
    .option('--cluster <name>', 'name of the cluster in the configuration', 'local')
    .option('--name <name>', 'name of the deployer, as in cdk.json', 'driftless')
    .action(async (options) => finish(await (await import('./run.ts')).rbac(options)));
};
