// Checks of one configuration share an interpreter: what one does is not there for the others, nor for its next object.
import { setImmediate } from 'node:timers/promises';
import { loadOwnRules } from '../../../../lib/health/own-rules.ts';
import { widget } from './rules.ts';

/** Judges an object by one of several checks. */
async function checked<Name extends string>(checks: Readonly<Record<Name, string>>) {
  const rules = await loadOwnRules(Object.entries<string>(checks).map(([kind, lua]) => ({ group: '*', kind, lua })));
  return (kind: Name, object = widget({})) => rules?.({ ...object, kind })?.judge({ ...object, kind }, { now: 0 });
}

const GOOD = 'return "Healthy"';
const HEALTHY = { status: 'Healthy', message: '' };
const TOO_SLOW = {
  status: 'Unknown',
  message: expect.stringContaining('takes longer than 500 ms'),
  reason: 'RuleTooSlow',
};

test('a check that takes too long is not asked again, and the others go on at once', async () => {
  const judge = await checked({ Loop: 'while true do end', Good: GOOD });
  expect(judge('Good')).toEqual(HEALTHY);
  expect(judge('Loop')).toEqual(TOO_SLOW);
  const start = performance.now();
  expect(judge('Loop')).toEqual(TOO_SLOW);
  expect(performance.now() - start).toBeLessThan(400);
  expect(judge('Good')).toEqual(HEALTHY);
});

test('after two checks that take too long the others are Unknown only until Lua has started again', async () => {
  const judge = await checked({ A: 'while true do end', B: 'while true do end', Good: GOOD });
  expect([judge('A'), judge('B')]).toEqual([TOO_SLOW, TOO_SLOW]);
  expect(judge('Good')).toEqual({
    status: 'Unknown',
    message: 'the Lua rule for */Good failed: waits for Lua to start again after other rules took too long',
    reason: 'RuleFailed',
  });
  while (judge('Good')?.status === 'Unknown') await setImmediate();
  expect(judge('Good')).toEqual(HEALTHY);
});

test('a check that takes all memory leaves it to the others', async () => {
  const judge = await checked({ Large: 'string.kept = ("x"):rep(2e7) return ("x"):rep(2e7)', Good: GOOD });
  expect(judge('Large')).toMatchObject({ status: 'Unknown', reason: 'RuleTooSlow' });
  expect(judge('Good')).toEqual(HEALTHY);
});

test('nothing that a check changes is there for the next one, nor for itself', async () => {
  const change = `
    left = (left or 0) + 1
    obj.metadata.name = 'changed'
    string.find = nil string.left = 1 table.insert = nil math.floor = nil os.time = nil
    setmetatable(_G, { __index = function() return 'changed' end })
    pairs, tostring, type = nil, nil, nil
    setmetatable({}, { __gc = function() while true do end end })
    return left == 1 and 'Healthy' or 'Degraded'`;
  const look = `
    local found = { left or 'none', obj.metadata.name, string.left or 'none', ('a'):upper(), '1' + 1, tostring(other), os.time() }
    return { status = 'Healthy', message = table.concat(found, ' ') .. (string.find('ab', 'b') or '') .. math.floor(1.5) }`;
  const judge = await checked({ Change: change, Look: look });
  const seen = { status: 'Healthy', message: `none ${widget({}).metadata.name} none A 2 nil 021` };
  for (let turn = 0; turn < 3; turn += 1) expect([judge('Change'), judge('Look')]).toEqual([HEALTHY, seen]);
});

test('an object that nests too deeply costs that object alone', async () => {
  const judge = await checked({ Good: GOOD });
  const nested = Array.from({ length: 2_000 }).reduce<object>((inner) => ({ inner }), {});
  expect(judge('Good', widget({ spec: nested }))).toMatchObject({ status: 'Unknown', reason: 'RuleFailed' });
  expect(judge('Good')).toEqual(HEALTHY);
});

test('a result with functions, itself and metatables is read without running any of it', async () => {
  const judge = await checked({
    Odd: `local never = function() while true do end end
      local result = { status = 'Healthy', more = print }
      result.self = result
      result[result] = result
      return setmetatable(result, { __index = never, __pairs = never, __len = never, __name = 'js_function' })`,
  });
  expect(judge('Odd')).toEqual(HEALTHY);
});
