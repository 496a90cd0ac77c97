import { formatConfiguration } from '../../cli/verbs/status/configuration-text.ts';
import type { ConfigReport } from '../../lib/model/configuration-record.ts';

const NOW = Date.UTC(2026, 0, 1, 0, 5);
const followed: ConfigReport = {
  status: 'followed',
  source: { repo: 'https://github.com/acme/config', ref: 'main', path: '' },
  revision: '1a2b3c4d5e6f',
  problems: [],
  count: 0,
  since: '2026-01-01T00:00:00.000Z',
};
const problem = (line: number) => ({ file: 'shop.yaml', line, field: 'spec.source', message: 'is missing; write one' });

test('nothing is said of a configuration that is followed, nor where there is none', () => {
  expect([formatConfiguration(followed, NOW), formatConfiguration(undefined, NOW)]).toEqual([[], []]);
});

test('problems are named with their places, ten of them', () => {
  const problems = Array.from({ length: 12 }, (_, n) => problem(n + 1));
  const lines = formatConfiguration({ ...followed, status: 'invalid', problems, count: 140 }, NOW);
  expect(lines.slice(0, 3)).toEqual([
    '',
    'configuration 1a2b3c4 has been refused for 5m, 140 problems; the previous configuration stays in effect',
    '  shop.yaml:1: spec.source: is missing; write one',
  ]);
  expect(lines).toHaveLength(13);
  expect(lines.at(-1)).toBe('  and 130 more');
});

test('a repository that cannot be read is named with the error', () => {
  const { revision: _, ...unread } = followed;
  const error = { code: 'GitUnreachable', message: 'https://github.com/acme/config: cannot be reached' };
  expect(formatConfiguration({ ...unread, status: 'failed', error }, NOW)).toEqual([
    '',
    'configuration has been refused for 5m, GitUnreachable: https://github.com/acme/config: cannot be reached; the previous configuration stays in effect',
  ]);
});
