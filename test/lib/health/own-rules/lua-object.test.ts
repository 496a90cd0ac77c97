// What a check in Lua sees: the object, the time, and the names of Lua 5.1.
import { judgedBy, widget } from './rules.ts';

/** What an expression gives, as text. */
async function textFor(expression: string, spec: object = {}): Promise<string> {
  const lua = `local spec = obj.spec local value = ${expression} return {status = "Healthy", message = tostring(value)}`;
  const { message } = await judgedBy({ lua }, widget({ spec }));
  return message;
}

test.each([
  ['spec.whole .. ""', '3'],
  ['spec.whole + 1', '4'],
  ['spec.half', '0.5'],
  ['spec.negative .. ""', '-2'],
  ['spec.large == 1e300', 'true'],
  ['spec.yes and not spec.no', 'true'],
  ['spec.absent', 'nil'],
  ['next(spec.empty)', 'nil'],
  ['#spec.list', '0'],
  ['spec["with space"]["a.b/c"]', 'é"\\ 😀'],
  ['#spec.control', '4'],
  ['spec.control:byte(3)', '0'],
  ['spec.injected', '"}os=nil--]]'],
])('%s is %s', async (expression, text) => {
  const spec = {
    ...{ whole: 3, half: 0.5, negative: -2, large: 1e300, yes: true, no: false, absent: null, empty: {}, list: [] },
    ...{ 'with space': { 'a.b/c': 'é"\\ 😀' }, control: '\n\r\u0000\\', injected: '"}os=nil--]]' },
  };
  expect(await textFor(expression, spec)).toBe(text);
});

test('an object may be as large as the API server stores it', async () => {
  const many = Array.from({ length: 20_000 }, (_, at) => ({
    name: `widget-${at}`,
    phase: 'Running',
    since: `2026-${at}`,
  }));
  expect(JSON.stringify(many).length).toBeGreaterThan(1_000_000);
  expect(await textFor('#spec.many .. spec.many[20000].name', { many })).toBe('20000widget-19999');
});

test('pairs visits fields in their order, so that a message stays the same', async () => {
  const lua = `local text = "" for name, value in pairs({z = 1, a = 2, m = 3, "first"}) do text = text .. name .. value .. " " end
    return {status = "Healthy", message = text}`;
  expect((await judgedBy({ lua }, widget({}))).message).toBe('1first a2 m3 z1');
});

test.each([
  ['os.time({year = 1970, month = 1, day = 1, hour = 0})', 0],
  ['os.time({year = 2024, month = 2, day = 29})', Date.UTC(2024, 1, 29, 12) / 1000],
  ['os.time({year = 2023, month = 14, day = 1, min = 61})', Date.UTC(2023, 13, 1, 12, 61) / 1000],
  ['os.time()', Date.UTC(2026, 5, 1, 12) / 1000],
  ['os.date("*t").hour', 12],
  ['os.date("%Y-%m-%dT%H:%M:%SZ", 86400.7)', '1970-01-02T00:00:00Z'],
])('times are in UTC on every machine: %s is %s', async (expression, text) => {
  expect(await textFor(expression)).toBe(`${text}`);
});

test.each([
  ['unpack({7, 8})', '7'],
  ['table.getn({1, 2, 3})', '3'],
  ['table.maxn({1, nil, [9] = 2})', '9'],
  ['math.mod(5, 3)', '2'],
  ['math.pow(2, 10)', '1024'],
  ['math.log10(1000)', '3'],
  ['print("x")', 'nil'],
])('the names of Lua 5.1 exist: %s is %s', async (expression, text) => {
  expect(await textFor(expression)).toBe(text);
});

test.each([
  ...['load', 'loadstring', 'dofile', 'loadfile', 'collectgarbage', 'module', 'setfenv', 'getfenv', 'newproxy'],
  ...['debug', 'io', 'package', 'coroutine', 'judge', 'problem', '_G.load', '_G._G.io', 'getmetatable(_G)'],
  ...['string.dump', 'math.random', 'math.randomseed', 'os.execute', 'os.exit', 'os.getenv', 'os.remove', 'os.rename'],
  ...['os.tmpname', 'os.setlocale', 'require("os").getenv'],
])('%s does not exist', async (name) => {
  expect(await textFor(name)).toBe('nil');
});

test.each(['io', 'debug', 'package', 'coroutine'])('the module %s cannot be required', async (name) => {
  const { message } = await judgedBy({ lua: `local x = require("${name}") return "Healthy"` }, widget({}));
  expect(message).toBe(`the Lua rule for */* failed: line 1: module ${name} not found`);
});
