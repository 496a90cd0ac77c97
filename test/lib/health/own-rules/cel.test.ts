// Rules in CEL: what they see, and what they cannot do.
import { judgedBy, widget } from './rules.ts';

const conditions = [
  { type: 'Synced', status: 'True' },
  { type: 'Ready', status: 'False', reason: 'NoQuota', message: 'no quota' },
];
const object = widget({
  spec: { replicas: 3, ratio: 0.5 },
  status: { phase: 'Running', ready: 2, conditions, endsAt: '2026-01-01T00:00:00Z' },
});

test.each([
  ['a phase', "object.status.phase == 'Running' ? 'Healthy' : 'Degraded'", 'Healthy'],
  ['self, too', "self.status.phase == 'Running' ? 'Healthy' : 'Degraded'", 'Healthy'],
  ['whole numbers', "object.status.ready + 1 == object.spec.replicas ? 'Healthy' : 'Degraded'", 'Healthy'],
  ['other numbers', "object.spec.ratio < 0.6 ? 'Healthy' : 'Degraded'", 'Healthy'],
  [
    'a condition',
    "object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True') ? 'Healthy' : 'Progressing'",
    'Progressing',
  ],
  ['a field that may be absent', "has(object.status.error) ? 'Degraded' : 'Healthy'", 'Healthy'],
  ['an optional field', "object.?status.?error.orValue('') == '' ? 'Healthy' : 'Degraded'", 'Healthy'],
  ['times', "timestamp(object.status.endsAt) < timestamp('2027-01-01T00:00:00Z') ? 'Healthy' : 'Degraded'", 'Healthy'],
])('an expression looks at %s', async (_title, cel, status) => {
  expect(await judgedBy({ cel }, object)).toMatchObject({ status });
});

test('the message may come from the object', async () => {
  const cel = `object.status.conditions.filter(c, c.type == 'Ready' && c.status == 'False').map(c,
    {'status': 'Degraded', 'message': c.message, 'reason': c.reason})[0]`;
  expect(await judgedBy({ cel }, object)).toEqual({ status: 'Degraded', message: 'no quota', reason: 'NoQuota' });
});

test.each([
  ['a field that does not exist', 'object.status.nothing', 'No such key: nothing'],
  ['the prototype', "object.__proto__ == null ? 'Healthy' : 'Degraded'", 'No such key: __proto__'],
  ['the constructor', "object['constructor'] == null ? 'Healthy' : 'Degraded'", 'No such key: constructor'],
])('an expression that asks for %s makes the object Unknown', async (_title, cel, why) => {
  const message = `the CEL rule for */* failed: ${why}`;
  expect(await judgedBy({ cel }, object)).toEqual({ status: 'Unknown', message, reason: 'RuleFailed' });
});

const many = widget({ spec: { list: Array.from({ length: 3000 }, (_, index) => index) } });

test.each([
  ['loops in loops', 'object.spec.list.all(a, object.spec.list.all(b, object.spec.list.all(c, a >= 0)))'],
  ['lists of lists', 'object.spec.list.map(a, object.spec.list.map(b, object.spec.list.map(c, c))).size() > 0'],
  ['a pattern that takes years', `'${'a'.repeat(60)}!'.matches('^(a+)+$')`],
])('%s end after half a second', async (_title, cel) => {
  const health = await judgedBy({ cel: `${cel} ? 'Healthy' : 'Degraded'` }, many);
  expect(health).toEqual({
    status: 'Unknown',
    message: 'the CEL rule for */* takes longer than 500 ms',
    reason: 'RuleTooSlow',
  });
});

test.each([
  ['is nested without end', `${'('.repeat(500)}1${')'.repeat(500)}`],
  ['has too many parts', `[${'1,'.repeat(2000)}1].size()`],
  ['calls what does not exist', "process.exit(1) == null ? 'Healthy' : 'Degraded'"],
  ['is no expression', 'while (true) {}'],
])('an expression that %s cannot be read', async (_title, cel) => {
  expect(await judgedBy({ cel }, widget({}))).toMatchObject({ status: 'Unknown', reason: 'RuleInvalid' });
});
