// What is live now: objects, what they own, differences, logs and events. Beside `/api`, since it is a right of its own; the code that mounts it decides who may call
// it. In: a request. Out: JSON; errors as `{error: {code, message, hint}}`. Reads only.
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { HeadDiff } from '../inspect/diff/diff-head.ts';
import type { DiffRequest } from '../inspect/diff/diff-live.ts';
import { readEvents } from '../inspect/events.ts';
import { type LiveObjectsPorts, listLiveObjects } from '../inspect/live-objects.ts';
import { readLogs } from '../inspect/logs/logs.ts';
import { readTree } from '../inspect/tree.ts';
import type { Log } from '../ports/runtime.ts';
import { checked, failed, Name, nameOf, unknownEndpoint } from './responses.ts';
import type { ApiVariables } from './routes.ts';

export type LivePorts = LiveObjectsPorts & {
  readonly log: Log;
  /** Compares the head of Git with what is deployed. */
  readonly diffHead: (request: DiffRequest) => Promise<HeadDiff>;
};

type Live = Hono<{ Variables: ApiVariables }>;

const ObjectRef = z
  .string()
  .max(600)
  .regex(/^[^/\s]+\/[^/\s]+(\/[^/\s]+)?$/, 'is no object; write Kind/name or Kind/namespace/name');
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const Page = z.strictObject({
  after: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(5_000),
});
const Selected = z.strictObject({ object: ObjectRef.optional() });
const Diff = z.strictObject({ object: ObjectRef.optional(), against: z.enum(['live', 'head']).optional() });
const Logs = z.strictObject({
  object: ObjectRef.optional(),
  container: Name.optional(),
  previous: Flag.default(false),
  sinceSeconds: z.coerce.number().int().min(1).max(31_536_000).optional(),
  tail: z.coerce.number().int().min(0).max(100_000).optional(),
  cursor: z.string().max(4_000).optional(),
});

/** Makes the routes below `/live`. */
export function createLive(ports: LivePorts): Live {
  const live: Live = new Hono();
  live.onError((thrown, context) => failed(context, thrown, ports.log));
  live.get('/applications/:name/objects', async (context) =>
    context.json(await listLiveObjects(nameOf(context), queryOf(context, Page), ports)),
  );
  live.get('/applications/:name/tree', async (context) => context.json(await readTree(nameOf(context), ports)));
  live.get('/applications/:name/events', async (context) => {
    const { object } = queryOf(context, Selected);
    return context.json(await readEvents({ app: nameOf(context), object }, ports));
  });
  live.get('/applications/:name/logs', async (context) =>
    context.json(await readLogs({ app: nameOf(context), ...queryOf(context, Logs) }, ports)),
  );
  live.get('/applications/:name/diff', async (context) => {
    const { object, against } = queryOf(context, Diff);
    const request = { app: nameOf(context), object };
    const [fromLive, fromHead] = await Promise.all([
      against === 'head' ? undefined : ports.diffLive(request),
      against === 'live' ? undefined : ports.diffHead(request),
    ]);
    return context.json({ app: request.app, ...(fromLive && { live: fromLive }), ...(fromHead && { head: fromHead }) });
  });
  live.notFound((context) => failed(context, unknownEndpoint(context), ports.log));
  return live;
}

function queryOf<T>(context: Context, schema: z.ZodType<T>): T {
  return checked(schema, context.req.query());
}
