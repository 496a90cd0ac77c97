import { formatChangeSet } from '../../lib/diff/format.ts';
import type { Manifest } from '../../lib/model/change-set.ts';
import type { InventoryEntry } from '../../lib/model/inventory.ts';
import { idOf } from '../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../lib/plan/desired.ts';
import { toChangeSet, writesNothing } from '../../lib/plan/planned.ts';
import type { Cluster, Log } from '../../lib/ports.ts';
import { planChanges } from '../../lib/sync/plan-changes.ts';
import { distinctKinds, readLive } from '../../lib/sync/read-live.ts';
import { type LocalOptions, openLocalSource } from '../local-source.ts';
import { createLog, formatLogLine } from '../log.ts';
import { EXIT, type Format, print } from '../output.ts';
import { userPath } from '../paths.ts';
import { localPorts, openCluster } from '../verb-wiring.ts';

export type PlanOptions = LocalOptions & {
  readonly output: Format;
  readonly kubeconfig?: string;
  readonly context?: string;
};

/** `plan PATH -f app.yaml`: what deploying a folder would change in a cluster, by dry-runs on its server. Nothing is written. */
export async function plan(path: string, options: PlanOptions): Promise<number> {
  const { app, render } = await openLocalSource(path, options);
  const { kubeconfig, context } = options;
  const cluster = await openCluster(
    { ...(kubeconfig && { path: userPath(kubeconfig) }), ...(context && { context }) },
    warnings(),
  );
  try {
    const manifests = await render(await localPorts(), await cluster.capabilities());
    const inventory = await labelledObjects(manifests, app.name, cluster);
    const planned = await planChanges({ app, manifests, inventory }, cluster);
    const changeSet = toChangeSet(planned);
    print(options.output, changeSet, () => formatChangeSet(changeSet));
    if (planned.refusals.length > 0) return EXIT.error;
    return writesNothing(planned) ? EXIT.ok : EXIT.differs;
  } finally {
    await cluster.close();
  }
}

/** Without a deployer's inventory, what carries the application's label is what it has; of the kinds in the folder. */
async function labelledObjects(
  manifests: readonly Manifest[],
  app: string,
  cluster: Cluster,
): Promise<readonly InventoryEntry[]> {
  const served = await Promise.all(manifests.map(({ object: { apiVersion, kind } }) => cluster.kind(apiVersion, kind)));
  const kinds = distinctKinds(served.flatMap((kind) => kind ?? []));
  const query = { kinds, namespaces: [], labelSelector: `${APP_LABEL}=${app}`, content: 'metadata' } as const;
  const { objects } = await readLive(cluster, query);
  return [...objects.values()].map((object) => {
    const { uid } = object.metadata;
    return { ...idOf(object), apiVersion: object.apiVersion, ...(uid !== undefined && { uid }) };
  });
}

function warnings(): Log {
  return createLog((line) => {
    if (line.level !== 'info') process.stderr.write(`${formatLogLine(line, new Date())}\n`);
  });
}
