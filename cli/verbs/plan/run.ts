import { formatChangeSet } from '../../../lib/diff/format.ts';
import { toChangeSet, writesNothing } from '../../../lib/plan/planned.ts';
import type { Log } from '../../../lib/ports/runtime.ts';
import { createLog, formatLogLine } from '../../../lib/runtime/log.ts';
import { planChanges } from '../../../lib/sync/plan/plan-changes.ts';
import { exitCodeOf } from '../../exit-code.ts';
import { userPath } from '../../paths.ts';
import { deployedObjects } from '../../source/deployed-objects.ts';
import { type LocalOptions, openLocalSource } from '../../source/local-source.ts';
import { localPorts, openCluster } from '../../source/verb-wiring.ts';
import { type Format, print } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';

export type PlanOptions = LocalOptions & {
  readonly output: Format;
  readonly kubeconfig?: string;
  readonly context?: string;
};

/** Short, since a person waits for the result. */
const RETRY_MS = 5_000;

/** `plan PATH -f app.yaml`: what deploying a folder would change in a cluster, by dry-runs on its server. Nothing is written. */
export async function plan(path: string, options: PlanOptions): Promise<number> {
  const { app, render } = await openLocalSource(path, options);
  const { kubeconfig, context } = options;
  const cluster = await openCluster(
    { ...(kubeconfig && { path: userPath(kubeconfig) }), ...(context && { context }) },
    { log: warnings(), retryMs: RETRY_MS },
  );
  try {
    const planned = await withProgress('planning', async (progress) => {
      progress('rendering');
      const manifests = await render(await localPorts(), await cluster.capabilities());
      const objects = manifests.map(({ object }) => object);
      progress('listing deployed objects');
      const inventory = await deployedObjects(app, objects, cluster);
      progress(`dry-runs of ${objects.length} objects`);
      return planChanges({ app, manifests, inventory }, cluster);
    });
    const changeSet = toChangeSet(planned);
    print(options.output, changeSet, () => formatChangeSet(changeSet), { colours: true });
    return exitCodeOf([...planned.refusals.map(() => 'refused' as const), writesNothing(planned) ? 'well' : 'notWell']);
  } finally {
    await cluster.close();
  }
}

function warnings(): Log {
  return createLog((line) => {
    if (line.level !== 'info') process.stderr.write(`${formatLogLine(line, new Date())}\n`);
  });
}
