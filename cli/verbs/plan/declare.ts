import { sourceVerb } from '../source-verb.ts';
import { type Declare, outputOption } from '../verb.ts';

export const declarePlan: Declare = (program, finish) => {
  sourceVerb(program, 'plan', 'print what deploying a folder would change, by dry-runs on the API server')
    .option('--kubeconfig <file>', 'how the cluster is reached (default: KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)')
    .addOption(outputOption())
    .action(async (path, options) => finish(await (await import('./run.ts')).plan(path, options)));
};
