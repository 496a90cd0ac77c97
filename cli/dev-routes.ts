import type { Hono } from 'hono';
import { type AlarmPorts, handleAlarm } from '../lib/alarm/handle-alarm.ts';
import { type ApiPorts, createApi } from '../lib/http/api.ts';
import { createEvents } from '../lib/http/events.ts';
import { localOnly } from '../lib/http/local-only.ts';
import { createRoutes } from '../lib/http/routes.ts';
import { parseAlarmEvent } from '../lib/respond/alarm-event.ts';
import type { ReceivePorts } from '../lib/sync/receive-push.ts';
import type { ToldAlarms } from './dev-ports.ts';

export type DevRoutePorts = ReceivePorts & ApiPorts & AlarmPorts & { readonly alarms: ToldAlarms };

/** Webhooks for whoever has their secret; API and events for whoever is on this machine. */
export function createDevRoutes(ports: DevRoutePorts): Hono {
  const routes = createRoutes(ports);
  const local = localOnly(ports.log);
  routes.use('/api/*', local);
  routes.use('/events/*', local);
  routes.route('/api', createApi(ports));
  routes.route('/events', createEvents({ alarm: (event) => hearAlarm(event, ports), log: ports.log }));
  return routes;
}

/** What the event tells is known from now on, as CloudWatch would know it. */
async function hearAlarm(event: unknown, ports: DevRoutePorts): Promise<object> {
  const answer = await handleAlarm(event, ports);
  for (const change of parseAlarmEvent(event)) ports.alarms.hear(change);
  return answer;
}
