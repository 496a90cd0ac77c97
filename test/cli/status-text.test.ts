import { formatHistory } from '../../cli/text/history-text.ts';
import { formatApplication, formatStatus } from '../../cli/text/status-text.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import { anOperation, aView, before, listed, NOW } from './views.ts';

/** The line of an application whose view was read, too. */
const rowOf = (view: ApplicationView) => ({ item: listed(view), view });

test('applications that are well are a line each', () => {
  const api = aView({
    name: 'api',
    sync: { status: 'Progressing', reason: 'wait' },
    health: { status: 'Progressing', message: 'Deployment/shop/api: 1 of 3 replicas are updated' },
    lastOperation: { ...running(), phase: 'wait' },
    drift: { mode: 'off', status: 'Off', count: 0 },
  });
  expect(formatStatus([rowOf(api), rowOf(aView())], NOW)).toBe(
    [
      'APPLICATION  SYNC         HEALTH       REVISION  DRIFT   LAST OPERATION',
      'api          Progressing  Progressing  1a2b3c4   Off     13 sweep wait 5s ago',
      'shop         Synced       Healthy      1a2b3c4   InSync  12 push synced 3m ago',
    ].join('\n'),
  );
});

test('what is not well is explained below the table', () => {
  const shop = aView({
    sync: { status: 'OutOfSync', reason: '2 objects have drifted' },
    health: { status: 'Degraded', message: 'Pod/shop/web-1: CrashLoopBackOff' },
    drift: {
      mode: 'correct',
      status: 'Drifted',
      count: 2,
      correction: { attempts: 6, seq: 11, notBefore: before(0), fighting: { managers: ['hpa'], since: before(60) } },
    },
    suspended: { reason: 'freeze', by: 'ada', at: before(7200), until: '2026-01-02T00:00:00.000Z' },
    held: [{ revision: 'b'.repeat(40), reason: 'alarm shop-5xx', at: before(600) }],
  });
  expect(
    formatStatus([rowOf(shop)], NOW)
      .split('\n')
      .slice(1),
  ).toEqual([
    'shop         OutOfSync  Degraded  1a2b3c4   2 objects  12 push synced 3m ago',
    '',
    'shop: OutOfSync, 2 objects have drifted',
    'shop: Degraded, Pod/shop/web-1: CrashLoopBackOff',
    'shop: correction stopped, reverted by hpa',
    'shop: suspended since 2h by ada, until 2026-01-02T00:00:00.000Z: freeze',
    'shop: held bbbbbbb since 10m: alarm shop-5xx',
  ]);
});

test('D9: what is left in a former cluster is named', () => {
  const moved = [{ cluster: 'a', namespace: 'shop' }];
  expect(formatStatus([rowOf(aView({ moved }))], NOW)).toContain(
    'shop: left objects in a/shop, the destination before',
  );
  const named = [{ ...moved[0], cluster: 'a', namespace: 'shop', count: 3, objects: ['Pod/shop/x', 'Pod/shop/y'] }];
  expect(formatApplication(aView({ moved: named }), NOW)).toContain(
    '  left         3 objects in a/shop, the destination before: Pod/shop/x, Pod/shop/y, and 1 more',
  );
});

test('the table of many applications fits into 100 columns', () => {
  const long = aView({
    name: 'a-very-long-name-of-an-application-in-a-large-company',
    sync: { status: 'Progressing' },
  });
  const rolledBack = anOperation({ trigger: { kind: 'rollback' }, outcome: { status: 'superseded', message: '' } });
  const widest = { ...long, health: { status: 'Progressing', message: '' }, lastOperation: rolledBack } as const;
  const lines = formatStatus([rowOf(widest), rowOf(aView())], NOW).split('\n');
  expect(lines.map((line) => line.length).filter((length) => length > 100)).toEqual([]);
});

test('an application whose view was not read has its line of the list, and is counted where it is not well', () => {
  const well = listed(aView({ name: 'well' }));
  const open = {
    ...listed(aView({ name: 'open', lastOperation: running() })),
    sync: { status: 'Progressing' },
  } as const;
  const { trigger: _, ...older } = { ...listed(aView()).lastOperation, seq: 12 };
  const held = { ...listed(aView({ name: 'held' })), lastOperation: older, held: 1 };
  const { lastOperation: __, health: ___, ...bare } = listed(aView({ name: 'bare' }));
  expect(
    formatStatus(
      [bare, held, open, well].map((item) => ({ item })),
      NOW,
    ),
  ).toBe(
    [
      'APPLICATION  SYNC         HEALTH   REVISION  DRIFT   LAST OPERATION',
      'bare         Synced       -        1a2b3c4   InSync  -',
      'held         Synced       Healthy  1a2b3c4   InSync  12 synced 3m ago',
      'open         Progressing  Healthy  1a2b3c4   InSync  13 sweep running 5s ago',
      'well         Synced       Healthy  1a2b3c4   InSync  12 push synced 3m ago',
      '',
      'and 2 more; driftless status APP explains one',
    ].join('\n'),
  );
});

test('without applications it says so', () => {
  expect(formatStatus([], NOW)).toBe('no applications are configured');
});

test('one application is shown in detail', () => {
  expect(formatApplication(aView({ previousRevision: 'c'.repeat(40) }), NOW)).toBe(
    [
      'shop',
      '  project      default',
      '  source       https://github.com/acme/shop main deploy/prod',
      '  destination  prod/shop',
      '  mode         sync auto, drift correct',
      '  sync         Synced',
      '  health       Healthy',
      `  revision     1a2b3c4d5e6f${'0'.repeat(28)}`,
      `  previous     ${'c'.repeat(40)}`,
      '  operation    12 push synced 3m ago: 2 configured, 7 unchanged',
      '  drift        InSync, scanned 12s ago',
    ].join('\n'),
  );
});

test('S1: health is shown with since when and why, and with the objects that its sentence does not name', () => {
  const object = (name: string, status: 'Degraded' | 'Missing', message: string) => ({
    id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name },
    ...{ status, message, since: before(240) },
  });
  const crash = 'Pod api-1: container api: CrashLoopBackOff';
  const degraded = { status: 'Degraded', message: `Deployment/shop/api: ${crash}`, since: before(240) } as const;
  const shown = (health: NonNullable<ApplicationView['health']>): readonly string[] =>
    formatApplication(aView({ health }), NOW)
      .split('\n')
      .filter((line) => line.includes('healt'));
  expect(shown({ ...degraded, objects: [object('api', 'Degraded', crash)] })).toEqual([
    `  health       Degraded since 4m, Deployment/shop/api: ${crash}`,
  ]);
  expect(
    shown({ ...degraded, objects: [object('api', 'Degraded', crash), object('web', 'Missing', 'not found')] }),
  ).toEqual([
    `  health       Degraded since 4m, Deployment/shop/api: ${crash}`,
    `  unhealthy    Deployment/shop/api Degraded since 4m, ${crash}`,
    '  unhealthy    Deployment/shop/web Missing since 4m, not found',
  ]);
  const gone = object('web', 'Missing', 'not found');
  expect(shown({ status: 'Healthy', message: '', objects: [gone] })).toEqual([
    '  health       Healthy',
    '  unhealthy    Deployment/shop/web Missing since 4m, not found',
  ]);
  const away = { status: 'Unknown', message: 'API server https://x: away', since: before(30) } as const;
  const row = { item: listed(aView({ health: away })), view: aView({ health: away }) };
  expect(formatStatus([row], NOW)).toContain('\n\nshop: Unknown since 30s, API server https://x: away');
});

test('one application that waits for its first commit has little to show', () => {
  const { health: _, revision: __, lastOperation: ___, ...rest } = aView();
  const view = {
    ...rest,
    sync: { status: 'OutOfSync', reason: 'nothing has been deployed yet' },
    drift: { mode: 'correct', status: 'Unknown', reason: 'nothing has been deployed yet', count: 0 },
  } as const;
  expect(formatApplication(view, NOW).split('\n').slice(5)).toEqual([
    '  sync         OutOfSync, nothing has been deployed yet',
    '  health       -',
    '  revision     -',
    '  previous     -',
    '  operation    -',
    '  drift        Unknown, nothing has been deployed yet',
  ]);
});

test('the history says what was changed and, where it did not end well, why', () => {
  const refused = 'Deployment/shop/web: spec.replicas: must be an integer, and this sentence is long enough to be cut';
  const operations = [
    running(),
    anOperation(),
    anOperation({ seq: 11, trigger: { kind: 'manual', by: 'ada' }, outcome: { status: 'refused', message: refused } }),
    anOperation({ seq: 10, trigger: { kind: 'rollback', by: 'ada', toSeq: 7 }, outcome: rolledBack() }),
    anOperation({ seq: 9, trigger: { kind: 'drift', by: 'scan-20260101-115500' }, startedAt: before(300) }),
  ];
  expect(formatHistory(operations, NOW)).toBe(
    [
      'SEQ  TRIGGER               REVISION  OUTCOME     TOOK  WHEN    CHANGES',
      '13   sweep                 -         pending     -     5s ago  -',
      '12   push                  1a2b3c4   synced      2.0s  3m ago  2 configured, 7 unchanged',
      '11   manual by ada         1a2b3c4   refused     2.0s  3m ago  2 configured, 7 unchanged',
      `     ${refused}`,
      '10   rollback to 7 by ada  1a2b3c4   rolledBack  2.0s  3m ago  2 configured, 7 unchanged',
      '     commit abc was taken back',
      '9    drift                 1a2b3c4   synced      2m    3m ago  2 configured, 7 unchanged',
    ].join('\n'),
  );
});

test('the history says below a line what the line cannot: what was taken over or left, and what is cut', () => {
  const taken = '2 configured, 7 unchanged, ConfigMap/shop/d is taken over from application api';
  const nothing = 'nothing was rolled back: operation 18 has no deployment to roll back to, so that nothing was done';
  const operations = [
    anOperation({ outcome: { status: 'synced', message: taken } }),
    { ...running(), outcome: { status: 'unchanged', message: nothing } } as const,
    anOperation({
      trigger: { kind: 'drift' },
      outcome: { status: 'synced', message: 'drift was corrected: 2 configured, 7 unchanged' },
    }),
  ];
  const lines = formatHistory(operations, NOW).split('\n');
  expect(lines.filter((line) => line.startsWith('     '))).toEqual([`     ${taken}`, `     ${nothing}`]);
});

test.each([
  ['arn:aws:sts::123456789012:assumed-role/Deployer/ada', 'Deployer/ada'],
  ['arn:aws:iam::123456789012:user/people/ada', 'people/ada'],
  ['arn:aws:iam::123456789012:root', 'arn:aws:iam::123456789012:root'],
])('the order of %s is shown as that of %s', (by, who) => {
  const ordered = anOperation({ trigger: { kind: 'manual', by } });
  const suspended = { reason: 'freeze', by, at: before(7200) };
  expect(formatHistory([ordered], NOW)).toContain(`manual by ${who} `);
  expect(formatApplication(aView({ lastOperation: ordered, suspended }), NOW)).toMatch(
    new RegExp(`, by ${who}: .*suspended +since 2h by ${who}, until`, 's'),
  );
});

function rolledBack() {
  return { status: 'rolledBack', message: 'commit abc was taken back' } as const;
}

function running() {
  const { revision: _, outcome: __, plan: ___, endedAt: ____, startedAt: _____, ...rest } = anOperation();
  return {
    ...rest,
    seq: 13,
    trigger: { kind: 'sweep', by: 'sweep' },
    phase: 'pending',
    requestedAt: before(5),
  } as const;
}
