import { formatLogLine, jsonLogLine, type LogLine } from '../../../lib/runtime/log.ts';

const NOW = new Date('2026-05-04T12:03:11.042Z');
const line = (fields: LogLine['fields']): LogLine => ({ level: 'info', message: 'received delivery', fields });

test.each([
  ['a word', { app: 'shop' }, 'app=shop'],
  ['a number', { ms: 3 }, 'ms=3'],
  ['a sentence', { reason: 'it is "away"' }, 'reason="it is \\"away\\""'],
  ['nothing', { reason: '' }, 'reason=""'],
  ['what looks like another field', { app: 'shop level=error' }, 'app="shop level=error"'],
  ['an object', { wanted: { revision: 'a b' } }, 'wanted={"revision":"a b"}'],
  ['another line', { path: '/webhooks/x\nFORGED\x1b[31m' }, 'path="/webhooks/x\\nFORGED\\u001b[31m"'],
  ['another direction', { ref: 'main\u202e' }, 'ref="main\\u202e"'],
])('R7: a value is one value on one line: %s', (_what, fields, text) => {
  expect(formatLogLine(line(fields), NOW)).toBe(`12:03:11.042 info  received delivery ${text}`);
});

test('R7: a JSON line is one line, and means the same', () => {
  const text = jsonLogLine(line({ ref: 'main\u202e\n\x9b' }), NOW);
  expect(text).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(text)).toEqual({
    time: '2026-05-04T12:03:11.042Z',
    level: 'info',
    message: 'received delivery',
    ref: 'main\u202e\n\x9b',
  });
});
