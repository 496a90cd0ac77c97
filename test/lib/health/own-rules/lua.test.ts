// Checks of Argo CD as they stand, and programs that mean harm.
import { CHECKS } from './argo-checks.ts';
import { judgedBy, widget } from './rules.ts';

test.each(CHECKS.flatMap(({ what, lua, cases }) => cases.map((one) => [what, lua, ...one] as const)))(
  'a check with %s is taken as it is: %#',
  async (_what, lua, object, status, message) => {
    expect(await judgedBy({ lua }, object)).toEqual({ status, message });
  },
);

/** An expression in a program that returns its text as the message. */
async function textFor(expression: string): Promise<string> {
  const { message } = await judgedBy(
    { lua: `return {status = "Healthy", message = tostring(${expression})}` },
    widget({}),
  );
  return message;
}

test.each([
  ['10 / 2', '5'],
  ['7 / 2', '3.5'],
  ['-7 % 3', '2'],
  ['2 ^ 10', '1024'],
  ['"10" + 5', '15'],
  ['10 .. 20', '1020'],
  ['0x10', '16'],
  ['1e3', '1000'],
  ['1 / 0', 'inf'],
  ['2 ^ 53', '9007199254740992'],
  ['#"é"', '2'],
  ['("é"):upper()', 'é'],
  ['"a\\65\\n" == "aA\\10"', 'true'],
  ['nil == false', 'false'],
  ['not nil == true', 'true'],
  ['1 == "1"', 'false'],
  ['"a" < "b"', 'true'],
  ['#{1, 2, nil, 4}', '4'],
  ['(select("#", unpack({1, 2, 3})))', '3'],
  ['next({})', 'nil'],
  ['type(print)', 'function'],
  ['rawequal({}, {})', 'false'],
  ['tonumber("z", 36)', '35'],
  ['tonumber("x")', 'nil'],
  ['math.floor(-1.5)', '-2'],
  ['math.max(1, 5, 3)', '5'],
  ['("x"):rep(3)', 'xxx'],
  ['("abc"):sub(-2)', 'bc'],
  ['("abc"):reverse()', 'cba'],
  ['("a,b,c"):gsub(",", ";", 1)', 'a;b,c'],
  ['("hello"):gsub("l+", function(s) return #s end)', 'he2o'],
  ['("$name"):gsub("%$(%w+)", {name = "shop"})', 'shop'],
  ['("key = value"):match("^(%w+)%s*=%s*(%w+)$")', 'key'],
  ['("f(a(b)c)d"):match("%b()")', '(a(b)c)'],
  ['("THE (quick) fox"):find("%((%a+)%)")', '5'],
  ['("x-y"):find("-", 1, true)', '2'],
  ['("aXb"):find("%u")', '2'],
  ['string.format("<%5d|%-5s|%05.1f|%x|%q", 42, "ab", 3.14159, 255, "a\\"b")', '<   42|ab   |003.1|ff|"a\\"b"'],
  ['os.date("!%Y-%m-%d", 0)', '1970-01-01'],
  ['table.concat({1, 2, 3}, "-")', '1-2-3'],
  ['_VERSION', 'Lua 5.4'],
])('%s is %s', async (expression, text) => {
  expect(await textFor(expression)).toBe(text);
});

test.each([
  ['load', 'load("return 1")()'],
  ['loadstring', 'loadstring("return 1")()'],
  ['dofile', 'dofile("/etc/passwd")'],
  ['io', 'io.open("/etc/passwd")'],
  ['os.execute', 'os.execute("ls")'],
  ['os.getenv', 'os.getenv("HOME")'],
  ['debug', 'debug.getinfo(1)'],
  ['package', 'package.loadlib("x", "y")'],
  ['coroutine', 'coroutine.wrap(function() while true do end end)()'],
  ['getfenv', 'getfenv(0)'],
  ['string.dump', 'string.dump(print)'],
  ['a module of the host', 'require("fs")'],
  ['the constructor of a string', '("x").constructor("return process")()'],
  ['the prototype of a table', '({}).__proto__.polluted()'],
  ['the prototype of a function', 'print.constructor("return process")()'],
  ['the process', 'process.exit(1)'],
  ['globalThis', 'globalThis.process.exit(1)'],
])('%s is out of reach', async (_title, expression) => {
  const health = await judgedBy({ lua: `local x = ${expression} return {status = "Healthy"}` }, widget({}));
  expect(health).toMatchObject({ status: 'Unknown', reason: 'RuleFailed' });
});

test.each([
  [
    'changes the methods of strings',
    'string.find = nil string.upper = function() return "X" end return {status = "Degraded", message = ("x"):upper()}',
    'X',
  ],
  [
    'changes the globals',
    '_G.pairs = nil _G["type"] = nil _G._G = nil return {status = "Degraded", message = tostring(pairs)}',
    'nil',
  ],
  [
    'changes the object',
    'obj.metadata.name = "other" obj.metadata = nil return {status = "Degraded", message = tostring(obj.metadata)}',
    'nil',
  ],
])('a program that %s harms itself only', async (_title, lua, message) => {
  const object = widget({});
  expect(await judgedBy({ lua }, object)).toEqual({ status: 'Degraded', message });
  expect(object).toEqual(widget({}));
  expect(await textFor('("x"):upper() .. type(pairs)')).toBe('Xfunction');
});

test('the metatable of strings cannot be reached', async () => {
  expect(await textFor('getmetatable("")')).toBe('nil');
});

test.each([
  ['an error that is a table', 'error({code = 1})', 'failed: (error object is a table value)'],
  ['an error without value', 'error()', 'failed: (error object is a nil value)'],
  ['an error with a text', 'local x = 1\nerror("broken")', 'failed: line 2: broken'],
  ['an absent field', 'return obj.status.phase', "failed: line 1: attempt to index a nil value (field 'status')"],
  ['a number', 'return 42', 'returned "42", which is no health'],
  ['another status', 'return {status = "Fine"}', 'returned a map with the status "Fine", which is no health'],
  [
    'a status that is a function',
    'return {status = print, message = "x"}',
    'returned a map with the status nothing, which is no health',
  ],
  [
    'a table that contains itself',
    'local t = {status = "Fine"} t.t = t return t',
    'returned a map with the status "Fine", which is no health',
  ],
  ['a call of nil', 'obj.nothing()', "failed: line 1: attempt to call a nil value (field 'nothing')"],
  ['a comparison of kinds', 'return 1 < "2"', 'failed: line 1: attempt to compare number with string'],
  [
    'recursion of metatables',
    'local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x',
    'failed: line 1: C stack overflow',
  ],
  [
    'recursion of patterns',
    'local function f() return (("x"):gsub("x", f)) end return f()',
    'failed: C stack overflow',
  ],
  [
    'recursion of sorts',
    'local function f() table.sort({2, 1}, function(a, b) f() return a < b end) end return f()',
    'failed: C stack overflow',
  ],
  [
    'a metatable of itself',
    'local t = {} setmetatable(t, t) t.__index = t return t.x',
    "failed: line 1: '__index' chain too long; possible loop",
  ],
  ['too many values', 'return select("#", unpack({}, 1, 1e7))', 'failed: line 1: too many results to unpack'],
  [
    'a string that is repeated without number',
    'return string.rep("xx", 1e308 * 10)',
    "failed: line 1: bad argument #2 to 'rep' (number has no integer representation)",
  ],
  [
    'pairs of nil',
    'for _ in pairs(obj.status) do end',
    "failed: line 1: bad argument #1 to 'pairs' (table expected, got nil)",
  ],
  ['a wrong date', 'return os.date("%Q")', "failed: bad argument #1 to 'date' (invalid conversion specifier '%Q')"],
  ['a wrong pattern', 'return ("x"):find("[a")', "failed: line 1: malformed pattern (missing ']')"],
])('%s makes the object Unknown, with the reason', async (_title, lua, why) => {
  const health = await judgedBy({ lua }, widget({}));
  expect(health).toMatchObject({ status: 'Unknown', message: `the Lua rule for */* ${why}` });
});

test.each([
  ['x = = 1', "line 1: unexpected symbol near '='"],
  ['if x then', "line 1: 'end' expected near <eof>"],
  ['for i = 1 do end', "line 1: ',' expected near 'do'"],
  ['return "abc', 'line 1: unfinished string near <eof>'],
  ['--[[ never ends', 'line 1: unfinished long comment (starting at line 1) near <eof>'],
  ['x = 1 @', "line 1: unexpected symbol near '@'"],
  ['1 = x', "line 1: unexpected symbol near '1'"],
  ['f() = 1', "line 1: syntax error near '='"],
  ['\u001bLua', "attempt to load a binary chunk (mode is 't')"],
  [`x = ${'('.repeat(500)}`, 'C stack overflow'],
  [`return ${'{'.repeat(9_000)}`, 'C stack overflow'],
  ['do '.repeat(4_000), 'C stack overflow'],
  ['return function() '.repeat(900), 'C stack overflow'],
  [`return 1${' .. "x"'.repeat(900)}`, 'C stack overflow'],
])('%s cannot be read', async (lua, why) => {
  const message = `the Lua rule for */* cannot be read: ${why}`;
  expect(await judgedBy({ lua }, widget({}))).toEqual({ status: 'Unknown', message, reason: 'RuleInvalid' });
});
