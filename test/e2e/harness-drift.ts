// Scans of the shared control plane by a deployer under test; nothing is corrected unless a test asks for it.

import { formatFieldChange } from '../../lib/diff/format.ts';
import { scanAll } from '../../lib/drift/scan-all.ts';
import { scanNamed } from '../../lib/drift/scan-now.ts';
import type { ClusterScan, DriftPorts } from '../../lib/drift/scan-ports.ts';
import type { Author, DriftRecord } from '../../lib/model/drift.ts';
import { formatRef } from '../../lib/model/kube-object.ts';
import type { Notification } from '../../lib/model/notification.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { outboxOf } from '../fakes/outbox.ts';
import { FakeProjects } from '../fakes/projects.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import type { Harness } from './harness.ts';

export type DriftUnderTest = {
  readonly ports: DriftPorts;
  readonly told: readonly Notification[];
  scan(): Promise<ClusterScan>;
  /** The requests of one scan. */
  requestsOfScan(): Promise<readonly string[]>;
  record(app: string): Promise<DriftRecord>;
  /** `ConfigMap/x/a modified by kubectl-edit (Update): data.value: 2 → 1`, a line for each object that a scan finds drifted. */
  drifted(app: string): Promise<readonly string[]>;
  check(app: string): Promise<readonly string[]>;
};

export function driftUnderTest(harness: Harness, changed: Partial<DriftPorts> = {}): DriftUnderTest {
  const told: Notification[] = [];
  const { state, blobs, clusters } = harness.deployer;
  const log = new RecordingLog();
  const ports: DriftPorts = {
    state,
    blobs,
    clusters,
    projects: new FakeProjects(),
    operations: { start: async () => undefined },
    outbox: outboxOf(state, { log, notify: async (one) => void told.push(one) }),
    metrics: { put: () => undefined },
    clock: systemClock,
    log,
    deployer: harness.deployer.deployer,
    ...changed,
  };
  const scan = async (): Promise<ClusterScan> => {
    const [only] = (await scanAll({}, ports)).clusters;
    if (only === undefined) throw new Error('no cluster was scanned');
    return only;
  };
  const lines = async (app: string): Promise<readonly string[]> =>
    ((await state.drift(app))?.objects ?? []).map(({ id, drift, by, fields }) => {
      const who = by.length === 0 ? '' : ` by ${by.map(describe).join(', ')}`;
      const what = fields.length === 0 ? '' : `: ${fields.map(formatFieldChange).join(', ')}`;
      return `${formatRef(id)} ${drift}${who}${what}`;
    });
  return {
    ports,
    told,
    scan,
    requestsOfScan: async () => {
      harness.api.forget();
      await scan();
      return [...harness.api.requests()].sort();
    },
    record: async (app) => {
      const record = await state.drift(app);
      if (record === undefined) throw new Error(`nothing is known of the drift of ${app}`);
      return record;
    },
    drifted: async (app) => {
      await scan();
      return lines(app);
    },
    check: async (app) => {
      await scanNamed([app], ports);
      return lines(app);
    },
  };
}

function describe({ manager, operation }: Author): string {
  return `${manager} (${operation})`;
}
