// Applications, operations and drift as a deployer answers with them.

import type { DriftedObject } from '../../lib/model/drift.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { ListedApplication } from '../../lib/queries/application-list.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import type { DriftView } from '../../lib/queries/drift-view.ts';

export const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

/** A time so many seconds before now. */
export function before(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

export function anOperation(more: Partial<Operation> = {}): Operation {
  return {
    app: 'shop',
    seq: 12,
    trigger: { kind: 'push', by: '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
    phase: 'done',
    revision: '1a2b3c4d5e6f'.padEnd(40, '0'),
    plan: { created: 0, configured: 2, recreated: 0, unchanged: 7, deleted: 0, skipped: 0, refused: 0 },
    outcome: { status: 'synced', message: '2 configured, 7 unchanged' },
    requestedAt: before(182),
    startedAt: before(182),
    endedAt: before(180),
    ...more,
  };
}

export function aView(more: Partial<ApplicationView> = {}): ApplicationView {
  return {
    name: 'shop',
    project: 'default',
    source: { repo: 'https://github.com/acme/shop', ref: 'main', path: 'deploy/prod' },
    destination: { cluster: 'prod', namespace: 'shop' },
    mode: 'auto',
    sync: { status: 'Synced' },
    health: { status: 'Healthy', message: '' },
    revision: '1a2b3c4d5e6f'.padEnd(40, '0'),
    lastOperation: anOperation(),
    drift: { mode: 'correct', status: 'InSync', scannedAt: before(12), count: 0 },
    held: [],
    ...more,
  };
}

/** The same application as the list has it. */
export function listed(view: ApplicationView): ListedApplication {
  const { name, project, destination, mode, sync, health, revision, lastOperation, drift, suspended, held, moved } =
    view;
  return {
    ...{ name, project, destination, mode },
    sync: { status: sync.status },
    ...(health && { health: health.status }),
    ...(revision !== undefined && { revision: revision.slice(0, 12) }),
    ...(lastOperation && { lastOperation: listedOperation(lastOperation) }),
    drift: { status: drift.status, count: drift.count },
    ...(suspended && { suspended: suspended.until === undefined ? {} : { until: suspended.until } }),
    held: held.length,
    ...(moved && { moved: true }),
  };
}

function listedOperation({
  seq,
  trigger,
  outcome,
  requestedAt,
  endedAt,
}: Operation): NonNullable<ListedApplication['lastOperation']> {
  if (outcome === undefined) return { seq, trigger: trigger.kind, requestedAt: toSecond(requestedAt) };
  return {
    seq,
    trigger: trigger.kind,
    status: outcome.status,
    ...(endedAt !== undefined && { endedAt: toSecond(endedAt) }),
  };
}

function toSecond(time: string): string {
  return time.replace(/\.\d{3}Z$/, '.000Z');
}

export function anObject(more: Partial<DriftedObject> = {}): DriftedObject {
  return {
    id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' },
    apiVersion: 'apps/v1',
    drift: 'modified',
    fields: [{ path: 'spec.replicas', from: 5, to: 2 }],
    by: [{ manager: 'kubectl', operation: 'Update scale', at: before(40) }],
    since: before(40),
    firstSeen: { scan: 'scan-1', at: before(12) },
    handling: 'correct',
    ...more,
  };
}

export function aDrift(objects: readonly DriftedObject[], more: Partial<DriftView> = {}): DriftView {
  return {
    app: 'shop',
    cluster: 'prod',
    mode: 'correct',
    status: objects.length > 0 ? 'Drifted' : 'InSync',
    scannedAt: before(12),
    count: objects.length,
    objects,
    ...more,
  };
}
