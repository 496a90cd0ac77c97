/**
 * The part of the sandbox that is Lua: `problem(program)` says what is wrong with the text of a check, `judge(program, object, now)` runs it. Each run has an
 * environment of its own, with the functions that Argo CD opens and the names of Lua 5.1 that its checks use; a check can change nothing outside of it.
 */
export const SANDBOX = `
local debug, error, getmetatable, load, next, pcall, rawget, rawset, setmetatable, tonumber, tostring, type =
  debug, error, getmetatable, load, next, pcall, rawget, rawset, setmetatable, tonumber, tostring, type
local date, floor, format, gsub, log, mathType, sort =
  os.date, math.floor, string.format, string.gsub, math.log, math.type, table.sort
local strings = debug.getmetatable('')
local lengthOf = utf8.len

-- A place in this text, of no use to the author of a check.
local HERE = '^%[string "%.%.%."%]:%d+: '

local function copy(from)
  local to = {}
  for name, value in next, from do to[name] = value end
  return to
end

local function check(value, place, name)
  if type(value) ~= 'table' then
    error('bad argument #' .. place .. " to '" .. name .. "' (table expected, got " .. type(value) .. ')', 3)
  end
end

-- Numbers before texts, each in their order.
local function before(a, b)
  local kind, other = type(a), type(b)
  if kind ~= other then return kind < other end
  return (kind == 'number' or kind == 'string') and a < b
end

local base = {
  assert = assert, error = error, ipairs = ipairs, next = next, pcall = pcall, rawequal = rawequal, rawget = rawget,
  rawset = rawset, select = select, tonumber = tonumber, type = type, unpack = table.unpack, xpcall = xpcall,
  _VERSION = _VERSION,
}

function base.print() end

-- A whole number is written without a fraction, as in Lua 5.1; the operator .. and string.format do not come here.
function base.tostring(value)
  if mathType(value) == 'float' and value % 1 == 0 and value > -1e15 and value < 1e16 then return format('%d', value) end
  return tostring(value)
end

-- Lua itself visits the fields in an order that changes with each start; a message made of them must not.
function base.pairs(value)
  check(value, 1, 'pairs')
  local names, place = {}, 0
  for name in next, value do names[#names + 1] = name end
  sort(names, before)
  return function()
    while true do
      place = place + 1
      local name = names[place]
      if name == nil then return nil end
      if rawget(value, name) ~= nil then return name, value[name] end
    end
  end, value, nil
end

-- That of strings is out of reach.
function base.getmetatable(value)
  if type(value) == 'table' then return getmetatable(value) end
end

-- A finalizer would run after the check has ended; tables of Lua 5.1 have none.
function base.setmetatable(value, metatable)
  check(value, 1, 'setmetatable')
  if metatable ~= nil then
    check(metatable, 2, 'setmetatable')
    rawset(metatable, '__gc', nil)
  end
  return setmetatable(value, metatable)
end

local libraries = { string = copy(string), table = copy(table), math = copy(math) }

libraries.string.dump = nil

function libraries.table.getn(value)
  check(value, 1, 'getn')
  return #value
end

function libraries.table.maxn(value)
  check(value, 1, 'maxn')
  local most = 0
  for place in next, value do
    if type(place) == 'number' and place > most then most = place end
  end
  return most
end

libraries.math.random, libraries.math.randomseed = nil, nil
libraries.math.mod = math.fmod
function libraries.math.pow(a, b) return a ^ b end
function libraries.math.log10(value) return log(value, 10) end

-- Seconds since 1970; years begin in March. The library would take the parts for local time.
local function seconds(parts)
  check(parts, 1, 'time')
  local function part(name, otherwise)
    local value = tonumber(parts[name]) or otherwise
    if value == nil then error("field '" .. name .. "' missing in date table", 3) end
    return floor(value)
  end
  local year, month = part('year'), part('month') - 1
  year, month = year + month // 12, month % 12 + 1
  if month < 3 then year, month = year - 1, month + 12 end
  local days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + part('day') - 719469
  return ((days * 24 + part('hour', 12)) * 60 + part('min', 0)) * 60 + part('sec', 0)
end

local function timeLibrary(now)
  return {
    clock = os.clock,
    difftime = os.difftime,
    time = function(parts)
      if parts == nil then return now end
      return seconds(parts)
    end,
    date = function(form, time) return date('!' .. gsub(form or '%c', '^!', ''), floor(time or now)) end,
  }
end

local function environment(now)
  local opened = { os = timeLibrary(now) }
  for name, library in next, libraries do opened[name] = copy(library) end
  local own = copy(base)
  for name, library in next, opened do own[name] = library end
  own._G = own
  function own.require(name) return opened[name] or error('module ' .. tostring(name) .. ' not found', 2) end
  local methods = copy(strings)
  methods.__index = opened.string
  debug.setmetatable('', methods)
  return own
end

-- Bytes that are no UTF-8 cannot be a text of the host.
local function readable(value)
  return lengthOf(value) and value or (gsub(value, '[\\128-\\255]', '?'))
end

local function plain(value)
  local kind = type(value)
  if kind == 'string' then return readable(value) end
  if kind == 'number' or kind == 'boolean' then return value end
end

local function run(program, object, now)
  local own = environment(now)
  own.obj = load(object, '=obj', 't', {})()
  return load(program, '=<string>', 't', own)()
end

function problem(program)
  local _, message = load(program, '=<string>', 't', {})
  return message
end

function judge(program, object, now)
  local isDone, result = pcall(run, program, object, now)
  debug.setmetatable('', strings)
  if not isDone then
    if result == 'not enough memory' then return { isTooLarge = true } end
    if plain(result) == nil then return { error = '(error object is a ' .. type(result) .. ' value)' } end
    return { error = readable(gsub(tostring(result), HERE, '')) }
  end
  if type(result) ~= 'table' then return { value = plain(result) } end
  local value = {}
  for _, name in next, { 'status', 'message', 'reason' } do value[name] = plain(rawget(result, name)) end
  return { value = value }
end
`;
