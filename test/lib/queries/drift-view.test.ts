import type { Operation } from '../../../lib/model/operation.ts';
import { type ApplicationState, viewDrift } from '../../../lib/queries/drift-view.ts';
import { aLastSync, anApplication } from '../../contracts/state-store/fixtures.ts';
import { aDriftedObject, aDriftRecord } from '../api/api-rig.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

const CLUSTER = {
  cluster: 'prod',
  status: 'Reachable',
  since: at(0),
  scan: 'scan-9',
  startedAt: at(5),
  completedAt: at(6),
  ms: 1,
  orphans: [],
} as const;

function known(more: Partial<ApplicationState> = {}, app = anApplication('shop')): ApplicationState {
  return { record: { app, specHash: 'h', desiredSeq: 1, lastSync: aLastSync(1) }, cluster: CLUSTER, ...more };
}

function ended(
  minute: number,
  kind: Operation['trigger']['kind'],
  status: 'synced' | 'unchanged' | 'failed' = 'synced',
) {
  const outcome = { status, message: '' };
  return {
    app: 'shop',
    seq: 2,
    trigger: { kind },
    phase: 'done',
    outcome,
    requestedAt: at(0),
    endedAt: at(minute),
  } as const;
}

const reported = aDriftedObject({ handling: 'report' });
const drift = aDriftRecord([aDriftedObject(), reported], { scannedAt: at(3) });

test.each([
  ['nobody looks for it', known({}, { ...anApplication('shop'), drift: { mode: 'off' } }), 'Off'],
  ['no scan has come by yet', known({ cluster: undefined }), 'Unknown'],
  ['its cluster was scanned and nothing was recorded', known(), 'InSync'],
  ['its cluster cannot be reached', known({ cluster: { ...CLUSTER, status: 'Unknown', reason: 'away' } }), 'Unknown'],
  ['a scan has found something', known({ drift }), 'Drifted'],
] as const)('where %s its drift is shown as such', (_why, what, status) => {
  expect(viewDrift(what)).toMatchObject({ app: 'shop', cluster: 'prod', status });
});

test.each([
  ['a sync has put it right since', ended(9, 'push'), 'InSync', 0],
  ['a correction has put right what it may', ended(9, 'drift'), 'Drifted', 1],
  ['an operation has not looked at the cluster', ended(9, 'push', 'unchanged'), 'Drifted', 2],
  ['an operation has failed', ended(9, 'push', 'failed'), 'Drifted', 2],
  ['the last scan came after the operation', ended(4, 'push'), 'Drifted', 2],
] as const)('between two scans it is shown as it is known to be: %s', (_why, newest, status, count) => {
  const view = viewDrift(known({ drift, newest }));
  expect(view).toMatchObject({ status, count });
  expect(view.objects).toHaveLength(count);
});

test('a scan that found the same as before counts as a scan', () => {
  expect(viewDrift(known({ drift }))).toMatchObject({ scannedAt: at(6), since: drift.since });
});
