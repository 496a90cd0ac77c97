import { InvalidArgumentError, Option } from 'commander';
import { type Declare, verb } from '../verb.ts';

export const declareRbac: Declare = (program, finish) => {
  verb(program, {
    name: 'rbac',
    description: 'print the rights of projects in a cluster, for kubectl apply',
    examples: [
      '--config deploy | kubectl apply -f -',
      '--config deploy --project team-a --cluster prod',
      '--config deploy --readers --api-groups cert-manager.io | kubectl apply -f -',
    ],
  })
    .addOption(new Option('--config <path>', 'folder or file with configuration').makeOptionMandatory())
    .option('--project <name>', 'only this project')
    .option('--cluster <name>', 'name of the cluster in the configuration', 'local')
    .option('--name <name>', 'name of the deployer, as in cdk.json', 'driftless')
    .option('--readers', 'the rights of the function that shows live objects, instead of those of projects')
    .option('--api-groups <groups>', 'with --readers: API groups of custom resources, with commas in between', groupsOf)
    .option('--url <url>', 'with --readers: a deployer whose inventories name further API groups')
    .action(async (options) => finish(await (await import('./run.ts')).rbac(options)));
};

function groupsOf(text: string): readonly string[] {
  const groups = text.split(',').map((group) => group.trim());
  if (groups.every((group) => /^[a-z0-9.-]{1,253}$/.test(group))) return groups;
  throw new InvalidArgumentError('Write names such as cert-manager.io,example.com.');
}
