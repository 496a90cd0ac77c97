import { formatDrift, formatDrifts } from '../../cli/text/drift-text.ts';
import { aDrift, anObject, before, NOW } from './views.ts';

test('drift is printed as a plan is, with who changed what and since when', () => {
  const objects = [
    anObject(),
    anObject({
      id: { group: '', kind: 'Service', namespace: 'shop', name: 'web' },
      drift: 'missing',
      fields: [],
      by: [{ user: 'ada@example.com', verb: 'delete', sourceIp: '203.0.113.9', at: before(20) }],
      since: before(20),
    }),
    anObject({ drift: 'extra', fields: [], by: [], since: before(7200), handling: 'report' }),
    anObject({
      drift: 'takenOver',
      fields: [],
      by: [{ manager: 'helm', operation: 'Apply' }],
      note: 'values are right',
    }),
  ];
  expect(formatDrift(aDrift(objects), NOW)).toBe(
    [
      'shop (correct): 4 objects have drifted, scanned 12s ago',
      '  ~ Deployment/shop/web modified 40s ago by kubectl (Update scale)',
      '      spec.replicas: 5 → 2',
      '  + Service/shop/web missing 20s ago by ada@example.com from 203.0.113.9',
      '  ! Deployment/shop/web extra 2h ago (reported only)',
      '  ~ Deployment/shop/web taken over 40s ago by helm (Apply) (values are right)',
    ].join('\n'),
  );
});

test('of many drifted objects, it says how many are not named', () => {
  expect(
    formatDrift(aDrift([anObject()], { count: 240 }), NOW)
      .split('\n')
      .at(-1),
  ).toBe('  and 239 more');
});

test('corrections that do not last are named with who changes them back', () => {
  const correction = { attempts: 3, seq: 8, notBefore: new Date(NOW + 60_000).toISOString() };
  expect(formatDrift(aDrift([anObject()], { correction }), NOW)).toMatch(
    /\n {2}corrected 3 times, last by operation 8, the next one not before 2026-01-01T12:01:00\.000Z$/,
  );
  const fighting = { managers: ['hpa', 'other'], since: before(90) };
  expect(formatDrift(aDrift([anObject()], { correction: { ...correction, fighting } }), NOW)).toMatch(
    /\n {2}correction stopped 90s ago: reverted by hpa, other; driftless sync starts it again$/,
  );
  const unnamed = { ...correction, fighting: { managers: [], since: before(90) } };
  expect(formatDrift(aDrift([anObject()], { correction: unnamed }), NOW)).toMatch(/: reverted by another manager; /);
});

test('of all applications those that have drifted are shown, and those that nobody can tell about', () => {
  const unknown = aDrift([], { app: 'away', status: 'Unknown', reason: 'cluster prod cannot be reached' });
  expect(formatDrifts([aDrift([anObject()]), aDrift([], { app: 'calm' }), unknown], NOW)).toBe(
    [
      'shop (correct): 1 object has drifted, scanned 12s ago',
      '  ~ Deployment/shop/web modified 40s ago by kubectl (Update scale)',
      '      spec.replicas: 5 → 2',
      '',
      'away (correct): unknown, cluster prod cannot be reached, scanned 12s ago',
      '',
      '1 of 3 applications has drifted, 1 unknown',
    ].join('\n'),
  );
});

test('where nothing has drifted a line says so', () => {
  expect(formatDrifts([aDrift([]), aDrift([], { app: 'other' })], NOW)).toBe('none of 2 applications has drifted');
  expect(formatDrift(aDrift([], { mode: 'off', status: 'Off' }), NOW)).toBe(
    'shop (off): drift detection is off, scanned 12s ago',
  );
});
