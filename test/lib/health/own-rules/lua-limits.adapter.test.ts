// Programs that take too much, each until the clock stops it: half a second of the processor.
import { judgedBy, widget } from './rules.ts';

const TOO_SLOW = { status: 'Unknown', reason: 'RuleTooSlow' };

test.each([
  ['a loop without end', 'while true do end'],
  ['a loop of repeat', 'repeat until false'],
  ['a loop of for', 'for i = 1, math.huge do end'],
  ['a loop of goto', '::a:: goto a'],
  ['a loop that is caught', 'while true do pcall(error, "x") end'],
  ['a loop in what is caught', 'pcall(function() while true do end end) return {status = "Healthy"}'],
  ['recursion', 'local function f() return 1 + f() end return f()'],
  ['recursion that is caught', 'local function f() pcall(f) return f() end return f()'],
  ['a string that doubles', 'local s = "x" while true do s = s .. s end'],
  ['a string that is repeated', 'return string.rep("x", 1e9)'],
  ['a table without end', 'local t = {} for i = 1, 1e9 do t[i] = i end'],
  ['a table of tables', 'local t = {} while true do t = {t} end'],
  ['functions without end', 'local t = {} while true do t[#t + 1] = function() end end'],
  ['a pattern that takes years', 'return string.find(string.rep("a", 3000), ".-.-.-.-b")'],
  ['a pattern with stars', 'return string.match(string.rep("a", 200), string.rep("a*", 60) .. "b")'],
  ['a replacement that grows', 'local s = "a" for i = 1, 40 do s = s:gsub("a", "aa") end'],
  [
    'comparisons of long strings',
    'local a, b = ("x"):rep(1e6) .. "y", ("x"):rep(1e6) .. "z" while true do local _ = a < b end',
  ],
  ['a sort by a function without end', 'table.sort({1, 2, 3}, function() while true do end end)'],
  ['a format that is wide', 'local s = "" while true do s = s .. string.format("%99d", 1) end'],
])('%s ends at a limit', async (_title, lua) => {
  const health = await judgedBy({ lua }, widget({}));
  expect(health.reason === 'RuleTooSlow' ? health : { ...health, lua }).toMatchObject(TOO_SLOW);
});
