// In: an object as it would be applied. Out: what the API server would make of it, beside what is live. Reads and dry-runs only, nothing is written. May throw
// what the API server's state is.
import type { ApplyResult, ServedKind, WriteOptions } from '../model/cluster-api.ts';
import type { KubeObject, ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';

/** An object, and where it is sent to. */
export type SentObject = { readonly id: ObjectId; readonly kind: ServedKind; readonly object: KubeObject };

export type DryRunPorts = { readonly cluster: Pick<Cluster, 'get' | 'apply'>; readonly guard?: WriteOptions['guard'] };

export type DryRunOptions = {
  readonly force: boolean;
  /** Whether a list shows the object, so that it is read and dry-run at the same time. */
  readonly isListed: boolean;
};

export type DryRun = { readonly result: ApplyResult; readonly live: KubeObject | undefined };

/** Where another client writes all the time, the last of so many tries counts. */
const MOST_TRIES = 3;

/** Dry-runs an object, and reads what is live; an object that no list shows is read only where the dry-run tells that there is one. */
export async function dryRun(sent: SentObject, options: DryRunOptions, ports: DryRunPorts): Promise<DryRun> {
  if (options.isListed) return dryRunListed(sent, options, ports);
  const result = await dryRunOnly(sent, options, ports);
  return { result, live: isThere(result) ? await ports.cluster.get(sent.kind, sent.id) : undefined };
}

/** The same of an object that should be live: one that no list shows is read first. Without a result where it is gone, or being deleted. */
export async function dryRunDeployed(
  sent: SentObject,
  options: DryRunOptions,
  ports: DryRunPorts,
): Promise<{ readonly live: KubeObject | undefined } | { readonly live: KubeObject; readonly result: ApplyResult }> {
  if (!options.isListed) {
    const live = await ports.cluster.get(sent.kind, sent.id);
    if (live === undefined || isBeingDeleted(live)) return { live };
    return { live, result: await dryRunOnly(sent, options, ports) };
  }
  const { live, result } = await dryRunListed(sent, options, ports);
  return live === undefined || isBeingDeleted(live) ? { live } : { live, result };
}

/** Dry-runs an object alone. */
export function dryRunOnly(
  { kind, object }: SentObject,
  { force }: Pick<DryRunOptions, 'force'>,
  { cluster, guard }: DryRunPorts,
): Promise<ApplyResult> {
  return cluster.apply(kind, object, { dryRun: true, force, ...(guard && { guard }) });
}

/** A name that no object has, for the dry-run of a new object. */
const NEW_NAME = 'driftless-dry-run';

/** The object as the server would complete it if it were new; undefined where the server does not tell. */
export async function dryRunAsNew(sent: SentObject, ports: DryRunPorts): Promise<KubeObject | undefined> {
  const object = { ...sent.object, metadata: { ...sent.object.metadata, name: NEW_NAME } };
  const result = await dryRunOnly({ ...sent, object }, { force: true }, ports);
  return result.status === 'applied' ? result.object : undefined;
}

/** Where another client has written between the two requests, both are sent again: the difference would look like a change of ours. */
async function dryRunListed(sent: SentObject, options: DryRunOptions, ports: DryRunPorts): Promise<DryRun> {
  for (let tries = 1; ; tries += 1) {
    const [result, live] = await Promise.all([dryRunOnly(sent, options, ports), ports.cluster.get(sent.kind, sent.id)]);
    if (tries === MOST_TRIES || live === undefined || isOf(live, result)) return { result, live };
  }
}

/** Whether a dry-run began with this version of the object, which its answer carries. */
function isOf({ metadata }: KubeObject, result: ApplyResult): boolean {
  return result.status !== 'applied' || result.object.metadata.resourceVersion === metadata.resourceVersion;
}

/** Whether the server's answer tells that there is an object. */
function isThere(result: ApplyResult): boolean {
  if (result.status === 'applied') return (result.object.metadata.resourceVersion ?? '') !== '';
  return result.status === 'conflict';
}

function isBeingDeleted({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}
