import { formatHistory } from '../../cli/text/history-text.ts';
import { formatApplication, formatStatus } from '../../cli/text/status-text.ts';
import { anOperation, aView, before, listed, NOW } from './views.ts';

const SHA = '1a2b3c4d5e6f'.padEnd(40, '0');
const LINK = `https://github.com/acme/shop/commit/${SHA}`;
const commit = {
  author: 'ada',
  email: 'ada@example.com',
  at: before(7200),
  subject: 'Raise the memory',
  signed: false,
};

test('S6: the history names author and first line of each commit, and its page at the forge', () => {
  const lines = formatHistory([anOperation({ commit, ...{ link: LINK } }), anOperation({ seq: 11 })], NOW).split('\n');
  expect(lines.slice(1)).toEqual([
    '12   push     1a2b3c4   synced   2.0s  3m ago  2 configured, 7 unchanged',
    `     ada: Raise the memory  ${LINK}`,
    '11   push     1a2b3c4   synced   2.0s  3m ago  2 configured, 7 unchanged',
  ]);
});

test('S6: status names author and first line of what is deployed', () => {
  const text = formatApplication(aView({ commit: { ...commit, signed: true }, link: LINK }), NOW);
  expect(text).toContain(`  revision     ${SHA} 2h ago, ada: Raise the memory (signed)\n  link         ${LINK}\n`);
});

test('S2: status names the commits that are not deployed, newest first, and how many there are', () => {
  const ahead = Array.from({ length: 5 }, (_, n) => ({
    ...commit,
    subject: `Change ${n}`,
    revision: `${n}`.repeat(40),
  }));
  const head = { revision: ahead[0]?.revision ?? '', since: before(60), link: LINK };
  const reason = '100+ commits behind main: 0000000 ada: Change 0; sync.mode is manual';
  const sync = {
    status: 'OutOfSync',
    reason,
    head: { ...head, ahead: { from: SHA, count: 100, isMore: true, commits: ahead } },
  } as const;
  const lines = formatApplication(aView({ sync }), NOW).split('\n');
  expect(lines.slice(5, 13)).toEqual([
    `  sync         OutOfSync, ${reason}`,
    ...ahead.map(({ subject }, n) => `  ahead        ${`${n}`.repeat(7)} 2h ago, ada: ${subject}`),
    '  ahead        and more than 95 more',
    `  ahead        ${LINK}`,
  ]);
});

test('a delivery is not a person, and neither is a sweep', () => {
  for (const kind of ['push', 'sweep', 'config', 'drift', 'handover'] as const) {
    const operation = anOperation({ trigger: { kind, by: '72d3162e-cc78-11e3-81ab-4c9367dc0958' } });
    expect(formatApplication(aView({ lastOperation: operation }), NOW)).not.toContain('72d3162e');
    expect(formatHistory([operation], NOW)).not.toContain('72d3162e');
  }
});

test('who has resumed is named', () => {
  const operation = anOperation({ trigger: { kind: 'resume', by: 'ann' } });
  expect(formatHistory([operation], NOW)).toContain('resume by ann');
});

test('S4: a lost source is told below the table with since when and why', () => {
  const reason = 'its source is lost since 2026-01-01T11:00:00.000Z: ref "main": no such branch';
  const view = aView({ sync: { status: 'Unknown', reason, since: '2026-01-01T11:00:00.000Z' } });
  expect(formatStatus([{ item: listed(view), view }], NOW)).toContain(`shop: Unknown, ${reason}`);
});
