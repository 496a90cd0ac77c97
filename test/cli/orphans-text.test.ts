import { formatOrphans } from '../../cli/text/orphans-text.ts';

const NOW = Date.parse('2026-01-01T00:10:00.000Z');
const scannedAt = '2026-01-01T00:09:20.000Z';
const orphan = { app: 'cart', group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'cart' };

test('orphans are a table, with the age of the list, what was cut, and what to do', () => {
  const clusters = [{ cluster: 'prod', status: 'Known', scannedAt, count: 300, orphans: [orphan] }] as const;
  expect(formatOrphans(clusters, NOW).split('\n')).toEqual([
    'CLUSTER  APPLICATION  NAMESPACE  KIND             NAME',
    'prod     cart         shop       Deployment.apps  cart',
    '',
    'prod: 300 orphans, of which 1 are recorded, scanned 40s ago',
    'to keep an object, declare an application whose Git holds it, which takes it over; otherwise delete it with kubectl delete',
  ]);
});

test('what is not known is said, beside what was known last', () => {
  const unknown = { status: 'Unknown', count: 0, orphans: [] } as const;
  expect(
    formatOrphans(
      [
        { ...unknown, cluster: 'new', reason: 'not scanned yet' },
        { ...unknown, cluster: 'prod', reason: 'no route', scannedAt },
      ],
      NOW,
    ).split('\n'),
  ).toEqual([
    'new: unknown: not scanned yet',
    'prod: unknown: no route; the last list has no orphans, scanned 40s ago',
  ]);
  expect(formatOrphans([], NOW)).toBe('no cluster is in use');
});
