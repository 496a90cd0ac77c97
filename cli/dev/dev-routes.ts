import type { Hono } from 'hono';
import { localOnly } from '../../lib/api/auth-loopback.ts';
import { tokenOnly } from '../../lib/api/auth-token.ts';
import { createEvents } from '../../lib/api/event-routes.ts';
import { createLive, type LivePorts } from '../../lib/api/live-routes.ts';
import { type ApiPorts, createApi } from '../../lib/api/routes.ts';
import { createRoutes } from '../../lib/api/webhook-routes.ts';
import { type AlarmPorts, handleAlarm } from '../../lib/triggers/alarm.ts';
import { parseAlarmEvent } from '../../lib/triggers/alarm-event.ts';
import type { ReceivePorts } from '../../lib/triggers/receive-push.ts';
import type { ToldAlarms } from './dev-ports.ts';

export type DevRoutePorts = ReceivePorts &
  ApiPorts &
  LivePorts &
  AlarmPorts & { readonly alarms: ToldAlarms; readonly token: string };

/** Webhooks for senders with their secret; API and events for processes on this machine that know the token. */
export function createDevRoutes(ports: DevRoutePorts): Hono {
  const routes = createRoutes(ports);
  const local = [localOnly(ports.log), tokenOnly(ports.token, ports.log)] as const;
  routes.use('/api/*', ...local);
  routes.use('/live/*', ...local);
  routes.use('/events/*', ...local);
  routes.route('/api', createApi(ports));
  routes.route('/live', createLive(ports));
  routes.route('/events', createEvents({ alarm: (event) => hearAlarm(event, ports), log: ports.log }));
  return routes;
}

/** What the event tells is known from now on, as CloudWatch would know it. */
async function hearAlarm(event: unknown, ports: DevRoutePorts): Promise<object> {
  const answer = await handleAlarm(event, ports);
  for (const change of parseAlarmEvent(event)) ports.alarms.hear(change);
  return answer;
}
