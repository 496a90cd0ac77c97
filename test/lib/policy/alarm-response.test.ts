import type { AlarmChange } from '../../../lib/model/alarm-change.ts';
import type { ApplicationRecord, Deployment, LastSync } from '../../../lib/model/application-record.ts';
import { respondToAlarm } from '../../../lib/policy/alarm-response.ts';
import { applicationOf } from '../render/fixture.ts';
import { arnOf } from '../triggers/alarm-events.ts';

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 21, 10, n)).toISOString();

const synced = (revision: string, seq: number, status: LastSync['status'] = 'synced'): LastSync => ({
  revision,
  seq,
  specHash: 'hash',
  inputs: [],
  renderedKey: `rendered/${revision}`,
  status,
});
const deployment: Deployment = { seq: 2, revision: 'second', at: minute(0), alarmsBefore: [] };

/** The second commit is deployed and in its bake time of ten minutes; the first was good. */
const baking: ApplicationRecord = {
  app: { ...applicationOf({}), rollback: { alarms: ['shop-5xx', 'shop-slow'], bakeTimeSeconds: 600 } },
  specHash: 'hash',
  desiredSeq: 2,
  lastSync: synced('second', 2),
  previous: synced('first', 1),
  deployment,
};

const alarm: AlarmChange = {
  name: 'shop-5xx',
  arn: arnOf('shop-5xx'),
  state: 'ALARM',
  previous: 'OK',
  at: minute(5),
  reason: '',
  region: 'eu-west-1',
  account: '123456789012',
};

function respond(record: Partial<ApplicationRecord> = {}, change: Partial<AlarmChange> = {}) {
  return respondToAlarm({ ...alarm, ...change }, { ...baking, ...record }, Date.parse(minute(6)));
}

const ROLLBACK = { action: 'rollback', app: 'shop', undo: 'second', to: 'first' };

test.each<[string, Partial<ApplicationRecord>, Partial<AlarmChange>]>([
  ['within the bake time', {}, {}],
  ['at its last moment', {}, { at: minute(10) }],
  ['at its first', {}, { at: minute(0) }],
  ['after missing data', {}, { previous: 'INSUFFICIENT_DATA' }],
  ['while another alarm was in ALARM before', { deployment: { ...deployment, alarmsBefore: ['shop-slow'] } }, {}],
  ['after another commit was held', { held: [{ revision: 'other', reason: '', at: minute(0) }] }, {}],
  ['where the suspension is over', { suspended: { reason: 'why', at: minute(0), until: minute(6) } }, {}],
  ['during the rollout', { lastSync: synced('first', 1), previous: synced('older', 0) }, {}],
  ['after a degraded deployment', { lastSync: synced('second', 2, 'degraded') }, {}],
  ['after a correction of drift', { lastSync: synced('second', 3), desiredSeq: 3 }, {}],
])('an alarm %s rolls the deployment back', (_, record, change) => {
  expect(respond(record, change)).toEqual(ROLLBACK);
});

test.each<[string, Partial<ApplicationRecord>, Partial<AlarmChange>, string]>([
  [
    'outside of the bake time',
    {},
    { at: new Date(Date.parse(minute(10)) + 1).toISOString() },
    'the bake time of the last deployment had ended',
  ],
  [
    'where the commit is no longer deployed',
    { lastSync: synced('third', 3) },
    {},
    'commit second is no longer deployed, third is',
  ],
  ['where there is nothing to go back to', { previous: synced('second', 1) }, {}, 'no earlier good deployment exists'],
  [
    'where what came before is held',
    { held: [{ revision: 'first', reason: '', at: minute(0) }] },
    {},
    'no earlier good deployment exists',
  ],
  ['of a suspended application', { suspended: { reason: 'why', at: minute(0) } }, {}, 'it is suspended'],
])('an alarm %s starts a scan for drift', (_, record, change, reason) => {
  expect(respond(record, change)).toEqual({ action: 'check', app: 'shop', reason });
});

test('an alarm of an application without a watched deployment starts a scan for drift', () => {
  const { deployment: _, ...unwatched } = baking;
  expect(respondToAlarm(alarm, unwatched, 0)).toMatchObject({
    action: 'check',
    reason: 'no deployment is in its bake time',
  });
});

test.each<[string, Partial<ApplicationRecord>, Partial<AlarmChange>, string]>([
  ['goes back to OK', {}, { state: 'OK', previous: 'ALARM' }, 'it is OK'],
  ['stays in ALARM', {}, { previous: 'ALARM' }, 'it was already in ALARM'],
  ['is suppressed', {}, { suppressedBy: 'Alarm' }, 'its actions are suppressed by Alarm'],
  [
    'went off before the deployment',
    {},
    { at: '2026-11-21T09:59:59.999Z' },
    `it is older than the deployment of ${minute(0)}`,
  ],
  [
    'was in ALARM before',
    { deployment: { ...deployment, alarmsBefore: ['shop-5xx'] } },
    {},
    'it was in ALARM before the deployment',
  ],
  [
    'comes again after the rollback',
    { held: [{ revision: 'second', reason: '', at: minute(5) }] },
    {},
    'commit second is already rolled back',
  ],
])('an alarm that %s is ignored', (_, record, change, reason) => {
  expect(respond(record, change)).toEqual({ action: 'ignore', app: 'shop', reason });
});

test.each(['shop-5xx-too', 'shop', 'SHOP-5XX', 'other'])(
  'an application does not hear the alarm %s, which it does not name',
  (name) => {
    expect(respond({}, { name })).toBeUndefined();
  },
);

test('an application without alarms hears none', () => {
  expect(respond({ app: applicationOf({}) })).toBeUndefined();
});
