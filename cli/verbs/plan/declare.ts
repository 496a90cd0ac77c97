import { sourceVerb } from '../source-verb.ts';
import { type Declare, outputOption } from '../verb.ts';

export const declarePlan: Declare = (program, finish) => {
  sourceVerb(program, {
    name: 'plan',
    description: 'print what deploying a folder would change, by server-side dry-runs',
    examples: ['deploy/prod --name shop', 'deploy/prod -f apps/shop.yaml --context prod'],
  })
    .option('--kubeconfig <file>', 'kubeconfig of the cluster (default: KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'context in the kubeconfig (default: the current one)')
    .addOption(outputOption())
    .action(async (path, options) => finish(await (await import('./run.ts')).plan(path, options)));
};
