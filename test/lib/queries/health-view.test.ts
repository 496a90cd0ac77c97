import type { ClusterRecord } from '../../../lib/model/drift.ts';
import type { HealthStatus } from '../../../lib/model/health.ts';
import type { ObservedHealth } from '../../../lib/model/observed-health.ts';
import type { ApplicationState } from '../../../lib/queries/drift-view.ts';
import { unhealthyObjects, viewHealth } from '../../../lib/queries/health-view.ts';
import { anApplication } from '../../contracts/state-store/fixtures.ts';
import { aDriftRecord } from '../api/api-rig.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

/** Operation `seq` has ended so in that minute. */
const ended = (status: HealthStatus, seq: number, minute: number) => ({
  status,
  message: 'by the operation',
  seq,
  at: at(minute),
});

/** A scan has seen it so, after operation `seq`. */
const seen = (status: HealthStatus, seq: number, minute: number): ObservedHealth => ({
  status,
  message: 'by the scan',
  since: at(minute),
  at: at(minute),
  seq,
  objects: [],
  count: 0,
});

function away(minute: number): ClusterRecord {
  const [startedAt, since] = [at(minute), at(minute)];
  return { cluster: 'prod', status: 'Unknown', reason: 'it is away', since, startedAt, scan: 's', ms: 1, orphans: [] };
}

type Known = {
  readonly operation?: ReturnType<typeof ended>;
  readonly scan?: ObservedHealth;
  readonly cluster?: ClusterRecord;
};

function state({ operation, scan, cluster }: Known): ApplicationState {
  const lastSync = { revision: 'a', seq: 1, specHash: 'h', inputs: [], renderedKey: 'k', status: 'synced' } as const;
  const record = { app: anApplication('shop'), specHash: 'h', desiredSeq: 9, lastSync };
  return {
    record: { ...record, ...(operation && { health: operation }) },
    ...(scan && { drift: aDriftRecord([], { health: scan }) }),
    cluster,
  };
}

test.each<readonly [string, Known, HealthStatus | undefined, string | undefined]>([
  ['nothing is known', {}, undefined, undefined],
  ['an operation has ended', { operation: ended('Healthy', 3, 1) }, 'Healthy', at(1)],
  [
    'a scan has seen it after that',
    { operation: ended('Healthy', 3, 1), scan: seen('Degraded', 3, 2) },
    'Degraded',
    at(2),
  ],
  [
    'a later operation has ended',
    { operation: ended('Healthy', 4, 3), scan: seen('Degraded', 3, 2) },
    'Healthy',
    at(3),
  ],
  ['a scan has seen it, and no operation has', { scan: seen('Progressing', 0, 2) }, 'Progressing', at(2)],
  ['the cluster is away', { operation: ended('Healthy', 3, 1), cluster: away(2) }, 'Unknown', at(2)],
  ['the cluster was away when a scan had seen it', { scan: seen('Healthy', 0, 1), cluster: away(2) }, 'Unknown', at(2)],
  [
    'an operation has ended since the cluster was away',
    { operation: ended('Healthy', 4, 3), cluster: away(2) },
    'Healthy',
    at(3),
  ],
  [
    'the cluster is away while a scan knows more than the operation',
    { operation: ended('Healthy', 3, 1), scan: seen('Degraded', 3, 2), cluster: away(4) },
    'Unknown',
    at(4),
  ],
])('S1: where %s, the health is that of the newest look', (_case, known, status, since) => {
  const view = viewHealth(state(known));
  expect([view?.status, view?.since]).toEqual([status, since]);
});

test('S1: a cluster that is away makes the health Unknown with its reason, and no object is told as it was', () => {
  const id = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };
  const object = { id, status: 'Degraded', message: 'it crashes', since: at(1) } as const;
  const scan = { ...seen('Degraded', 3, 1), objects: [object], count: 1 };
  expect(unhealthyObjects(state({ scan }))).toEqual([object]);
  const known = state({ scan, cluster: away(2) });
  expect(viewHealth(known)).toEqual({ status: 'Unknown', message: 'it is away', reason: 'Unreachable', since: at(2) });
  expect(unhealthyObjects(known)).toEqual([]);
});

test('what was never deployed has no health in a cluster that is away', () => {
  const { record, ...rest } = state({ cluster: away(1) });
  const { lastSync: _, ...undeployed } = record;
  expect(viewHealth({ ...rest, record: undeployed })).toBeUndefined();
});
