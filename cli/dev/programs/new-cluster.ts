// In: the state of a deployer, and an embedded cluster that has just been made. Out: what was recorded of an embedded cluster before it counts as Unknown, and is
// deployed again. Such a cluster keeps nothing: each start of the deployer, and each restart of the control plane, has a new one.
import { recordUnreachable } from '../../../lib/drift/record-drift.ts';
import type { DriftPorts } from '../../../lib/drift/scan-ports.ts';
import type { ApplicationRecord } from '../../../lib/model/application-record.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import { requestOperation } from '../../../lib/operations/request-operation.ts';
import type { Projects } from '../../../lib/ports/projects.ts';
import { type Embedded, grantProjects } from './start-programs.ts';

type NewClusterPorts = Pick<DriftPorts, 'clusters' | 'state' | 'operations' | 'clock' | 'log'>;

type SettledCluster = {
  /** What the start says of it. */
  readonly notice: { readonly notice?: string };
  /** Gives the users of projects their rights. */
  readonly grant: (projects: readonly Project[]) => Promise<void>;
  /** Deploys again what was in a former cluster; the second call does nothing. */
  readonly deployAnew: () => Promise<void>;
};

/** Makes the state fit the embedded cluster, now and whenever that is started again; without one there is nothing to do. */
export async function settleIn(
  embedded: Embedded | undefined,
  ports: NewClusterPorts & { readonly projects: Projects },
): Promise<SettledCluster> {
  if (embedded === undefined) return { notice: {}, grant: async () => undefined, deployAnew: async () => undefined };
  let former = await forgetFormer(ports);
  const notice = former.length === 0 ? {} : { notice: newClusterNotice(former) };
  const grant = async (projects: readonly Project[]): Promise<void> =>
    grantProjects(projects, await ports.clusters.open(EMBEDDED));
  embedded.onBack(async () => {
    await grant((await ports.projects.declared()).projects);
    await deployAnew(await forgetFormer(ports), ports);
  });
  const again = async (): Promise<void> => {
    const names = former;
    former = [];
    await deployAnew(names, ports);
  };
  return { notice, grant, deployAnew: again };
}

/** The name of the embedded cluster in the configuration. */
const EMBEDDED = 'local';

const REASON = 'the embedded cluster is new, and what was deployed was in the one before';

/** Makes what was in former embedded clusters Unknown; gives the names of the applications. */
async function forgetFormer(ports: NewClusterPorts): Promise<readonly string[]> {
  const records = await ports.state.applications();
  const local = records.filter(({ app }) => app.destination.cluster === EMBEDDED);
  if (local.length === 0) return [];
  const uid = await (await ports.clusters.open(EMBEDDED)).uid();
  const former = local.filter((record) => wasElsewhere(record, uid));
  const at = new Date(ports.clock.now()).toISOString();
  await recordUnreachable(former, { scan: `new-cluster-${at}`, at, reason: REASON }, ports);
  return former.map(({ app }) => app.name);
}

/** Requests what is deployed by itself, at the newest commit. Of the others the next scan finds that every object is gone: a correction before it would know of no drift, and forget them. */
async function deployAnew(names: readonly string[], ports: NewClusterPorts): Promise<void> {
  for (const name of names) {
    const record = await ports.state.application(name);
    if (record?.app.sync.mode !== 'auto') continue;
    const result = await requestOperation(record, { trigger: { kind: 'config', by: 'new-cluster' } }, ports);
    if (result.status === 'blocked')
      ports.log.warn('not deployed again', { app: name, code: result.gate.code, reason: result.gate.message });
  }
}

/** What the start says. */
function newClusterNotice(names: readonly string[]): string {
  const what = names.length === 1 ? `Application/${names[0]} was` : `${names.length} applications were`;
  return `${REASON}: ${what} there, and what deploys by itself is deployed again`;
}

function wasElsewhere({ lastSync, place }: ApplicationRecord, uid: string | undefined): boolean {
  return lastSync !== undefined && place?.uid !== undefined && place.uid !== uid;
}
