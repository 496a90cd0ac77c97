// Checks in the style of Argo CD's, as companies have them in their argocd-cm: each with an object and the health that Argo CD's engine gives it.
import type { HealthStatus } from '../../../../lib/model/health.ts';
import type { KubeObject } from '../../../../lib/model/kube-object.ts';
import { widget } from './rules.ts';

export type Check = {
  readonly what: string;
  readonly lua: string;
  readonly cases: readonly (readonly [object: KubeObject, status: HealthStatus, message: string])[];
};

const withConditions = (...conditions: readonly object[]): KubeObject => widget({ status: { conditions } });
const readyIs = (status: string, message = '') => ({ type: 'Ready', status, message });

export const CHECKS: readonly Check[] = [
  {
    what: 'a loop over conditions',
    lua: `hs = {}
if obj.status ~= nil then
  if obj.status.conditions ~= nil then
    for i, condition in ipairs(obj.status.conditions) do
      if condition.type == "Ready" and condition.status == "False" then
        hs.status = "Degraded"
        hs.message = condition.message
        return hs
      end
      if condition.type == "Ready" and condition.status == "True" then
        hs.status = "Healthy"
        hs.message = condition.message
        return hs
      end
    end
  end
end

hs.status = "Progressing"
hs.message = "Waiting for certificate"
return hs
`,
    cases: [
      [widget({}), 'Progressing', 'Waiting for certificate'],
      [withConditions(readyIs('False', 'no issuer')), 'Degraded', 'no issuer'],
      [withConditions({ type: 'Issuing', status: 'False' }, readyIs('True', 'up to date')), 'Healthy', 'up to date'],
    ],
  },
  {
    what: 'a table of phases with a default',
    lua: `local states = {
  ["Running"] = "Healthy",
  ["In progress"] = "Progressing"; Failed = "Degraded",
}
if obj.status == nil then return { status = "Progressing", message = "Waiting for status info" } end
return { status = states[obj.status.phase] or "Unknown", message = obj.status.phase }`,
    cases: [
      [widget({ status: { phase: 'Running' } }), 'Healthy', 'Running'],
      [widget({ status: { phase: 'In progress' } }), 'Progressing', 'In progress'],
      [widget({ status: { phase: 'Odd' } }), 'Unknown', 'Odd'],
      [widget({}), 'Progressing', 'Waiting for status info'],
    ],
  },
  {
    what: 'counters of conditions, and pairs',
    lua: `health_status = {}
local numTrue, numFalse = 0, 0
for _, condition in pairs((obj.status or {}).conditions or {}) do
  if condition.status == "True" then numTrue = numTrue + 1
  elseif condition.status == "False" then numFalse = numFalse + 1 end
end
if numFalse > 0 then
  health_status.status = "Degraded"
elseif numTrue == 2 then
  health_status.status = 'Healthy'
else
  health_status.status = "Progressing"
end
health_status.message = numTrue .. " of 2"
return health_status`,
    cases: [
      [withConditions(readyIs('True'), readyIs('True')), 'Healthy', '2 of 2'],
      [withConditions(readyIs('True'), readyIs('False')), 'Degraded', '1 of 2'],
      [widget({}), 'Progressing', '0 of 2'],
    ],
  },
  {
    what: 'functions, also before they are called by others',
    lua: `function getStatus(obj, hs)
    hs.status = "Progressing"
    hs.message = "Waiting for clusters"
    if obj.status ~= nil and obj.status.phase ~= nil then
        if obj.status.phase == "Provisioned" then
            hs.status = "Healthy"
            hs.message = "Cluster is running"
        end
    end
    return hs
end
local hs = {}
if obj.spec ~= nil and obj.spec.paused ~= nil and obj.spec.paused then
    hs.status = "Suspended"
    hs.message = "Cluster is paused"
    return hs
end
getStatus(obj, hs)
return hs`,
    cases: [
      [widget({ spec: { paused: true } }), 'Suspended', 'Cluster is paused'],
      [widget({ status: { phase: 'Provisioned' } }), 'Healthy', 'Cluster is running'],
      [widget({ spec: {} }), 'Progressing', 'Waiting for clusters'],
    ],
  },
  {
    what: 'patterns of strings',
    lua: `local hs = { status = "Progressing", message = "no replicas" }
local text = obj.status and obj.status.replicas
if text ~= nil then
  local ready, total = string.match(text, "(%d+)/(%d+)")
  ready, total = tonumber(ready), tonumber(total)
  if ready == total then hs.status = "Healthy" elseif ready == 0 then hs.status = "Degraded" end
  hs.message = string.format("%d of %d: %.1f%%", ready, total, ready / total * 100)
end
return hs`,
    cases: [
      [widget({ status: { replicas: '2/2' } }), 'Healthy', '2 of 2: 100.0%'],
      [widget({ status: { replicas: '1/3' } }), 'Progressing', '1 of 3: 33.3%'],
      [widget({ status: { replicas: '0/2' } }), 'Degraded', '0 of 2: 0.0%'],
    ],
  },
  {
    what: 'methods of strings',
    lua: `local state = obj.status.currentState
if state:find("^Provisioning") ~= nil or state:sub(1, 7) == "Waiting" then
  return { status = "Progressing", message = state:lower() }
end
return { status = "Unknown", message = state:upper():gsub("%s+", "_") .. "!" }`,
    cases: [
      [widget({ status: { currentState: 'Provisioning Users' } }), 'Progressing', 'provisioning users'],
      [widget({ status: { currentState: 'Waiting for it' } }), 'Progressing', 'waiting for it'],
    ],
  },
  {
    what: 'a sort of conditions by time, with absent times',
    lua: `table.sort(obj.status.conditions, function(a, b)
  if a.lastTransitionTime == nil then return false
  elseif b.lastTransitionTime == nil then return true
  else return a.lastTransitionTime < b.lastTransitionTime end
end)
local names = {}
for _, condition in ipairs(obj.status.conditions) do table.insert(names, condition.type) end
local last = obj.status.conditions[#obj.status.conditions]
return { status = last.type == "Ready" and "Healthy" or "Degraded", message = table.concat(names, " < ") }`,
    cases: [
      [
        withConditions(
          { type: 'Ready', lastTransitionTime: '2026-03-01T00:00:00Z' },
          { type: 'Failed', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ),
        'Healthy',
        'Failed < Ready',
      ],
      [
        withConditions({ type: 'Failed' }, { type: 'Ready', lastTransitionTime: '2026-01-01T00:00:00Z' }),
        'Degraded',
        'Ready < Failed',
      ],
    ],
  },
  {
    what: 'time, by the os library that Argo CD permits',
    lua: `local os = require("os")
local y, m, d, h, min, s = string.match(obj.status.lastScheduleTime, "(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)Z")
local last = os.time{year = y, month = m, day = d, hour = h, min = min, sec = s}
local age = os.time() - last
if age > 3600 then return { status = "Degraded", message = "late by " .. age .. " s, since " .. os.date("!%H:%M", last) } end
return { status = "Healthy", message = "" }`,
    cases: [
      [widget({ status: { lastScheduleTime: '2026-06-01T10:00:00Z' } }), 'Degraded', 'late by 7200 s, since 10:00'],
      [widget({ status: { lastScheduleTime: '2026-06-01T11:30:00Z' } }), 'Healthy', ''],
    ],
  },
  {
    what: 'numbers as keys, long strings, goto, print',
    lua: `print("obj.status:", obj.status)
local states = {[0] = 0, [1] = 0, [2] = 0}
local messages = {}
for k, v in pairs(obj.status.statuses or {}) do
  if v.state == nil then goto continue end
  states[v.state] = 1
  messages[v.state] = v.reason or [[
no reason given]]
  ::continue::
end
if states[2] > 0 then return {status="Degraded", message=messages[2]}
elseif states[1] > 0 then return {status="Healthy", message=messages[1]} end
return {status="Progressing", message="Unable to determine status"}`,
    cases: [
      [
        widget({ status: { statuses: { a: { state: 1 }, b: { state: 2, reason: 'refused' } } } }),
        'Degraded',
        'refused',
      ],
      [widget({ status: { statuses: { a: {}, b: { state: 1 } } } }), 'Healthy', 'no reason given'],
      [widget({ status: {} }), 'Progressing', 'Unable to determine status'],
    ],
  },
  {
    what: 'pcall, closures, varargs and a metatable for absent fields',
    lua: `local function get(...)
  local value = obj
  for _, name in ipairs({...}) do value = value[name] end
  return value
end
local ok, count = pcall(get, "status", "ready", "count")
if not ok then
  return { status = "Progressing", message = (count:gsub("^.-: ", "")) }
end
local wanted = setmetatable(obj.spec or {}, { __index = function() return 1 end }).replicas
return { status = count >= wanted and "Healthy" or "Progressing", message = count .. "/" .. wanted .. (select("#", get()) == 1 and "" or "?") }`,
    cases: [
      [widget({}), 'Progressing', "attempt to index a nil value (local 'value')"],
      [widget({ status: { ready: { count: 1 } } }), 'Healthy', '1/1'],
      [widget({ spec: { replicas: 3 }, status: { ready: { count: 2 } } }), 'Progressing', '2/3'],
    ],
  },
];
