// In: objects that an operation has released, kept or taken over. Out: an operation is requested for each application that waits for one of them, or has to
// forget one. A gate of theirs may block it; they are planned again when it opens.
import { asDriftlessError } from '../../errors.ts';
import { idKey, type ObjectId } from '../../model/kube-object.ts';
import { operationName } from '../../model/operation.ts';
import { requestOperation } from '../../operations/request-operation.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';
import type { Run } from '../operation/run.ts';

/** The other applications of the same cluster, or of a former one, that are in a repository of this one, or want objects. */
export async function neighboursOf(run: Run, former?: string): Promise<readonly OwnerRecord[]> {
  const { app } = await run.application();
  const cluster = former ?? app.destination.cluster;
  const repos = app.sources.map(({ repo }) => repo);
  const all = await run.ports.state.neighbours({ repos, cluster });
  return all.filter((one) => one.app !== app.name && one.record?.app.destination.cluster === cluster);
}

/** All other applications of the same cluster. */
export async function applicationsBeside(run: Run): Promise<readonly OwnerRecord[]> {
  const { name, destination } = (await run.application()).app;
  const all = await run.ports.state.applications();
  const beside = all.filter(({ app }) => app.name !== name && app.destination.cluster === destination.cluster);
  return [...(await run.ports.state.owners(beside.map(({ app }) => app.name))).values()];
}

/** Requests the applications that want one of the objects, or have it. */
export async function requestOthers(run: Run, ids: readonly ObjectId[]): Promise<void> {
  const keys = new Set(ids.map(idKey));
  const others = await neighboursOf(run);
  await requestApplications(
    run,
    others.filter(({ wants, inventory }) => [...wants, ...inventory].some((id) => keys.has(idKey(id)))),
  );
}

/** Requests applications by their names. */
export async function requestNamed(run: Run, names: readonly string[]): Promise<void> {
  if (names.length > 0) await requestApplications(run, [...(await run.ports.state.owners(names)).values()]);
}

/** Requests applications by their records; one that fails does not keep the others from it. */
async function requestApplications(run: Run, owners: readonly OwnerRecord[]): Promise<void> {
  const trigger = { kind: 'handover', by: operationName(run.request) } as const;
  for (const { app, record } of owners) {
    if (record === undefined) continue;
    try {
      const { status } = await requestOperation(record, { trigger }, run.ports);
      run.log.info('requested the application on the other side of a hand-over', { other: app, status });
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      run.log.warn('could not request the application on the other side of a hand-over', {
        other: app,
        code,
        reason: message,
      });
    }
  }
}
