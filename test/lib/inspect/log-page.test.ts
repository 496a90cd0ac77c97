// Lines of several containers as pages, and where the next one begins.
import { formatCursor, parseCursor, positionKey } from '../../../lib/inspect/logs/log-cursor.ts';
import { type LogPart, linesOf, logPage } from '../../../lib/inspect/logs/log-page.ts';

const at = (second: number, fraction = '000000000'): string =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.${fraction}Z`;
const whole = { after: '', isCut: false };

const part = (pod: string, seconds: readonly number[], isCut = false): LogPart => ({
  ...{ namespace: 'shop', pod, container: 'web', isCut },
  lines: seconds.map((second) => ({ at: at(second), line: `${pod} ${second}` })),
});

test('times of any precision and zone become UTC to the nanosecond', () => {
  const text = '2026-01-01T00:00:01Z a\n2026-01-01T01:00:02.5+01:00 b\n2026-01-01T00:00:03.123456789Z \n';
  expect(linesOf(text, whole)).toEqual([
    { at: at(1), line: 'a' },
    { at: at(2, '500000000'), line: 'b' },
    { at: at(3, '123456789'), line: '' },
  ]);
});

test('a line without a time has that of the line before, and text before the first time is left out', () => {
  expect(linesOf('half\n2026-01-01T00:00:01Z a\nmore\n', whole)).toEqual([
    { at: at(1), line: 'a' },
    { at: at(1), line: 'more' },
  ]);
});

test('what is known is not repeated', () => {
  const text = '2026-01-01T00:00:01Z a\n2026-01-01T00:00:01.5Z b\n2026-01-01T00:00:02Z c\n';
  expect(linesOf(text, { after: at(1, '500000000'), isCut: false }).map(({ line }) => line)).toEqual(['c']);
});

test('the half line at the end of a cut answer comes whole with the next one', () => {
  const text = '2026-01-01T00:00:01Z a\n2026-01-01T00:00:02Z hal';
  expect(linesOf(text, { after: '', isCut: true }).map(({ line }) => line)).toEqual(['a']);
  expect(linesOf(text, whole).map(({ line }) => line)).toEqual(['a', 'hal']);
});

test('lines are in the order of time', () => {
  const page = logPage([part('a', [1, 4]), part('b', [2, 3])]);
  expect(page.items.map(({ line }) => line)).toEqual(['a 1', 'b 2', 'b 3', 'a 4']);
  expect(page.isMore).toBe(false);
});

test('a page ends where the first answer was cut, so that no later page has an older line', () => {
  const page = logPage([part('a', [1, 2], true), part('b', [1, 2, 9])]);
  expect(page.items.map(({ line }) => line)).toEqual(['a 1', 'b 1', 'a 2', 'b 2']);
  expect(page.isMore).toBe(true);
});

test('a page keeps to its size, and its lines of one time are not torn apart', () => {
  const long = 'x'.repeat(1_000_000);
  const lines = [1, 2, 2, 3].map((second) => ({ at: at(second), line: long }));
  const page = logPage([{ namespace: 'shop', pod: 'a', container: 'web', lines, isCut: false }]);
  expect(page.items.map((line) => line.at)).toEqual([at(1), at(2), at(2)]);
  expect(page.isMore).toBe(true);
});

test('a cursor is read back as it was written, and fits into an address', () => {
  const refs = Array.from({ length: 30 }, (_, index) => ({
    namespace: 'shop',
    pod: `${'p'.repeat(240)}${index}`,
    container: 'web',
  }));
  const positions = new Map(refs.map((ref, index) => [positionKey(ref), at(index)]));
  const cursor = formatCursor(positions);
  expect(parseCursor(cursor)).toEqual(positions);
  expect(cursor.length).toBeLessThan(2_000);
  expect(parseCursor('')).toEqual(new Map());
});

test.each(['x', '0123456789', '../..', `${'0'.repeat(10)}2026`])('the cursor %j is refused', (cursor) => {
  expect(() => parseCursor(cursor)).toThrow('cursor: is not one that an answer gave');
});
