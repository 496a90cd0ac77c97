// The rules of a configuration: which one counts, what it may return, and what becomes of one that is wrong.
import { loadOwnRules, ruleProblems } from '../../../../lib/health/own-rules.ts';
import type { HealthRule } from '../../../../lib/model/health-rule.ts';
import { kind } from '../objects.ts';
import { judgedBy, judgedByAll, widget } from './rules.ts';

const rule = (group: string, name: string, cel = "'Degraded'"): HealthRule => ({ group, kind: name, cel });

test('a configuration without rules loads nothing', async () => {
  expect(await loadOwnRules([])).toBeUndefined();
});

test.each([
  ['its group and kind', 'acme.example', 'Widget', 'Degraded'],
  ['a glob of its group', '*.example', 'Widget', 'Degraded'],
  ['a glob of its kind', 'acme.example', 'Wid*', 'Degraded'],
  ['another group', 'acme.other', 'Widget', 'Healthy'],
  ['another kind', 'acme.example', 'Gadget', 'Healthy'],
  ['the core group', '', 'Widget', 'Healthy'],
])('a rule for %s judges the object, or leaves it', async (_title, group, name, status) => {
  expect(await judgedByAll([rule(group, name)], widget({}))).toMatchObject({ status });
});

test('of several rules for an object the first one counts', async () => {
  const rules = [rule('other', '*'), rule('acme.example', '*', "'Suspended'"), rule('*', '*')];
  expect(await judgedByAll(rules, widget({}))).toEqual({ status: 'Suspended', message: '' });
});

test('a rule goes before ours, also for kinds that need none', async () => {
  const deployment = kind('apps/v1', 'Deployment')({ spec: { paused: true } });
  const settings = kind('v1', 'ConfigMap')({});
  expect(await judgedByAll([rule('apps', 'Deployment')], deployment)).toMatchObject({ status: 'Degraded' });
  expect(await judgedByAll([rule('', 'ConfigMap')], settings)).toMatchObject({ status: 'Degraded' });
});

test('what is being deleted waits, whatever a rule says', async () => {
  const object = widget({ metadata: { deletionTimestamp: '2026-06-01T08:00:00Z' } });
  expect(await judgedBy({ cel: "'Healthy'" }, object)).toMatchObject({ status: 'Progressing', reason: 'BeingDeleted' });
});

test('a status that is older than the change waits, unless the rule looks at the generation itself', async () => {
  const object = widget({ status: { observedGeneration: 1 } });
  expect(await judgedBy({ cel: "'Healthy'" }, object)).toMatchObject({ status: 'Progressing', reason: 'NotObserved' });
  const looks = "object.status.observedGeneration < object.metadata.generation ? 'Suspended' : 'Healthy'";
  expect(await judgedBy({ cel: looks }, object)).toMatchObject({ status: 'Suspended' });
});

test.each([
  ['a status', "'Healthy'", { status: 'Healthy', message: '' }],
  ['a map with a status', "{'status': 'Degraded'}", { status: 'Degraded', message: '' }],
  [
    'a map with everything',
    "{'status': 'Progressing', 'message': 'step ' + string(object.status.step), 'reason': 'STEP_OPEN'}",
    { status: 'Progressing', message: 'step 3', reason: 'StepOpen' },
  ],
  ['a message without value', "{'status': 'Healthy', 'message': null}", { status: 'Healthy', message: '' }],
])('a rule returns %s', async (_title, cel, health) => {
  expect(await judgedBy({ cel }, widget({ status: { step: 3 } }))).toEqual(health);
});

test.each([
  ['another word', "'Good'", 'the CEL rule for */* returned "Good", which is no health'],
  [
    'a map without status',
    "{'message': 'x'}",
    'the CEL rule for */* returned a map with the status nothing, which is no health',
  ],
  ['a number', '42', 'the CEL rule for */* returned "42", which is no health'],
  ['a list', "['Healthy']", expect.stringContaining('which is no health')],
  ['a message that is no text', "{'status': 'Healthy', 'message': 1}", expect.stringContaining('which is no health')],
])('an object whose rule returns %s is Unknown', async (_title, cel, message) => {
  expect(await judgedBy({ cel }, widget({}))).toEqual({ status: 'Unknown', message, reason: 'RuleInvalid' });
});

test.each([
  ['nil', { lua: 'return nil' }],
  ['nothing', { lua: 'local x = 1' }],
  ['a table that nothing was put into', { lua: 'local hs = {} return hs' }],
  ['null', { cel: 'null' }],
])('an object whose rule returns %s is judged by our rules', async (_title, program) => {
  expect(await judgedBy(program, widget({}))).toEqual({ status: 'Healthy', message: '' });
  const failed = widget({ status: { phase: 'Failed' } });
  expect(await judgedBy(program, failed)).toMatchObject({ status: 'Degraded', reason: 'Failed' });
});

test('the message of a rule is one line of at most 300 characters', async () => {
  const { message } = await judgedBy(
    { lua: 'return {status = "Degraded", message = string.rep("x", 1000)}' },
    widget({}),
  );
  expect(message).toHaveLength(300);
});

test('a rule that cannot be read makes its objects Unknown, and is told by its place', async () => {
  const broken = { group: '*', kind: '*', lua: 'hs = {\nhs.status = ' };
  expect(await judgedBy(broken, widget({}))).toMatchObject({ status: 'Unknown', reason: 'RuleInvalid' });
  expect(await ruleProblems([rule('*', '*'), broken])).toEqual([
    { index: 1, message: "is no Lua that can be read: line 2: '}' expected (to close '{' at line 1) near '='" },
  ]);
  expect(await ruleProblems([rule('*', '*', 'obj.status')])).toEqual([
    { index: 0, message: 'is no CEL that can be read: Unknown variable: obj' },
  ]);
});

test('a rule that runs out of its limits for five objects is not asked for the sixth', async () => {
  const rules = await loadOwnRules([{ group: '*', kind: '*', lua: 'while true do end' }]);
  const own = rules?.(widget({}));
  const messages = Array.from({ length: 6 }, () => own?.judge(widget({}), {})?.message);
  expect(messages.slice(0, 5)).toEqual(Array(5).fill('the Lua rule for */* takes longer than 500 ms'));
  expect(messages[5]).toBe('the Lua rule for */* took too long for 5 objects');
});

test.each([
  ['cel', "{'status': 'Degraded', 'message': object.data.password + object.metadata.annotations.copy}"],
  ['lua', 'return {status = "Degraded", message = obj.data.password .. obj.metadata.annotations.copy}'],
  ['lua', 'error(obj.data.password .. obj.metadata.annotations.copy)'],
])('a rule in %s sees the keys of a Secret, and no value', async (language, text) => {
  const plain = kind('v1', 'Secret')({ metadata: { annotations: { copy: 'c2VjcmV0' } } });
  const secret = { ...plain, data: { password: 'c2VjcmV0' } };
  const health = await judgedBy({ [language]: text }, secret);
  expect(health.message).toContain('•••');
  expect(JSON.stringify(health)).not.toContain('c2VjcmV0');
});

test.each([
  ['a message', 'return {status = "Degraded", message = "a\\xff\\xc3"}', 'a??'],
  ['an error', 'error("a\\xff", 0)', 'the Lua rule for */* failed: a?'],
])('%s with bytes that are no text can be stored', async (_title, lua, message) => {
  expect(await judgedBy({ lua }, widget({}))).toMatchObject({ message });
});
