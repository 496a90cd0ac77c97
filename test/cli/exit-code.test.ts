import {
  applicationSeen,
  driftSeen,
  exitCodeOf,
  healthSeen,
  listedAs,
  scanSeen,
  viewedAs,
} from '../../cli/exit-code.ts';
import { outcomeLines, withOutcome } from '../../cli/text/outcome-text.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import { anOperation, aView, before, listed } from './views.ts';

const outOfSync = { sync: { status: 'OutOfSync', reason: 'Git is ahead' } } as const;
const ended = (status: 'refused' | 'failed' | 'waiting' | 'rolledBack'): Partial<ApplicationView> => ({
  ...outOfSync,
  lastOperation: anOperation({ outcome: { status, message: '' } }),
});
const refusedBy = (code: string): Partial<ApplicationView> => ({
  ...outOfSync,
  lastOperation: anOperation({ outcome: { status: 'refused', message: '', error: { code, message: '' } } }),
});
const held = [{ revision: 'a'.repeat(40), reason: 'rolled back', at: before(60) }];
const health = (status: NonNullable<ApplicationView['health']>['status']): Partial<ApplicationView> => ({
  health: { status, message: '' },
});
const suspended = { reason: 'freeze', at: before(60) };
const { lastOperation: _, ...never } = aView({ ...outOfSync, mode: 'manual' });

test.each<[string, ApplicationView, number, number?]>([
  ['is well', aView(), 0],
  ['has no health yet', aView({ health: { status: 'Healthy', message: '' } }), 0],
  ['is being deployed', aView({ sync: { status: 'Progressing' } }), 0],
  ['becomes healthy', aView(health('Progressing')), 0],
  ['is paused', aView(health('Suspended')), 0],
  ['is out of sync', aView(outOfSync), 1],
  ['is degraded', aView(health('Degraded')), 1],
  ['lacks objects', aView(health('Missing')), 1],
  ['was rolled back', aView(ended('rolledBack')), 1],
  ['is manual and behind Git', aView({ ...outOfSync, mode: 'manual' }), 1, 0],
  ['is manual and was never deployed', never, 1, 0],
  ['is suspended and behind Git', aView({ ...outOfSync, suspended }), 1, 0],
  ['waits for a window', aView(ended('waiting')), 1, 0],
  ['is manual and degraded', aView({ ...outOfSync, ...health('Degraded'), mode: 'manual' }), 1],
  [
    'is manual and has drifted',
    aView({ ...outOfSync, mode: 'manual', drift: { mode: 'report', status: 'Drifted', count: 1 } }),
    1,
  ],
  ['was refused', aView(ended('refused')), 2],
  ['failed', aView(ended('failed')), 2],
  ['is manual and was refused', aView({ ...ended('refused'), mode: 'manual' }), 2],
  ['is suspended, and refused by that', aView({ ...refusedBy('ApplicationSuspended'), suspended }), 1, 0],
  ['is held, and refused by that', aView({ ...refusedBy('RevisionHeld'), held }), 1],
  ['cannot be looked at', aView({ sync: { status: 'Unknown', reason: 'away' } }), 2],
  ['has an unknown health', aView(health('Unknown')), 2],
])('an application that %s has its exit code', (_how, view, code, ignoring = code) => {
  for (const seen of [viewedAs(view), listedAs(listed(view))].map(applicationSeen)) {
    expect(exitCodeOf(seen)).toBe(code);
    expect(exitCodeOf(seen, { ignoreWaiting: true })).toBe(ignoring);
  }
});

test('what the manifests of a held, manual or suspended application are refused for is not the gate', () => {
  for (const gate of [{ held }, { suspended }, { mode: 'manual' as const }])
    expect(exitCodeOf(applicationSeen(viewedAs(aView({ ...refusedBy('ObjectRefused'), ...gate }))))).toBe(2);
  expect(exitCodeOf(applicationSeen(viewedAs(aView({ ...refusedBy('SyncModeManual'), mode: 'manual' }))))).toBe(1);
});

test('the worst that was seen decides, and nothing at all is well', () => {
  expect(exitCodeOf([])).toBe(0);
  expect(exitCodeOf(['notWell', 'unknown', 'well'])).toBe(2);
  expect(exitCodeOf(['waiting', 'well'])).toBe(1);
  expect(exitCodeOf(['waiting', 'notWell'], { ignoreWaiting: true })).toBe(1);
  expect(exitCodeOf([healthSeen('Progressing')])).toBe(0);
});

test('S5: drift that is unknown is no absence of drift', () => {
  expect(exitCodeOf([driftSeen({ status: 'Unknown' })])).toBe(2);
  expect(exitCodeOf((['partial', 'failed', 'unreachable'] as const).map((status) => scanSeen({ status })))).toBe(2);
  expect(
    exitCodeOf([driftSeen({ status: 'InSync' }), driftSeen({ status: 'Off' }), scanSeen({ status: 'busy' })]),
  ).toBe(0);
});

const refusals = [
  'Deployment/shop/a: spec: is missing; add it (a.yaml:1)',
  'Service/shop/b: spec.ports:\n  is missing',
];
const refused = { status: 'refused', message: `2 refused: ${refusals.join('; ')}`, refusals } as const;

test('S7: refusals are whole, and one a line', () => {
  const lines = [
    '2 refused:',
    '  Deployment/shop/a: spec: is missing; add it (a.yaml:1)',
    '  Service/shop/b: spec.ports: is missing',
  ];
  expect(outcomeLines(refused)).toEqual(lines);
  const [first, ...rest] = lines;
  expect(withOutcome(`shop-3: refused: ${refused.message}`, refused)).toEqual([`shop-3: refused: ${first}`, ...rest]);
  expect(withOutcome('OutOfSync, the newest commit is held', refused)).toEqual([
    'OutOfSync, the newest commit is held',
  ]);
  expect(outcomeLines({ status: 'failed', message: 'one\n  two' })).toEqual(['one two']);
});
