import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import { createEvents } from '../../lib/api/event-routes.ts';
import { createLive } from '../../lib/api/live-routes.ts';
import { createApi } from '../../lib/api/routes.ts';
import { RecordingLog } from '../fakes/recording-log.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

/** What is answered; nothing is called. */
function routesOf(routes: Pick<Hono, 'routes'>, prefix: string): readonly string[] {
  const answered = routes.routes.filter(({ method }) => method !== 'ALL');
  return answered.map(({ method, path }) => `${method} ${prefix}${path}`);
}

test('docs/api.md has a row for every route, and for no other', () => {
  const log = new RecordingLog();
  const nobody = (): never => {
    throw new Error('nobody calls here');
  };
  const ports = new Proxy({}, { get: nobody });
  const api = createApi({ ...(ports as Parameters<typeof createApi>[0]), log });
  const live = createLive({ ...(ports as Parameters<typeof createLive>[0]), log });
  const events = createEvents({ alarm: nobody, log });
  const answered = [...routesOf(api, '/api'), ...routesOf(live, '/live'), ...routesOf(events, '/events')];
  expect(answered.length).toBeGreaterThan(10);
  const documented = [...page.matchAll(/^\| `((?:GET|POST) \S+)` \|/gm)].map(([, route]) => route);
  expect(documented.toSorted()).toEqual(answered.toSorted());
});
