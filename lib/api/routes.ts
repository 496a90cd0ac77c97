// The API of a running deployer, the same on Lambda and on Node; whoever mounts it decides who may call it. In: a request. Out: JSON; errors as
// `{error: {code, message, hint}}`. What is decided is decided in lib/control.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { type DriftScans, scanNow } from '../commands/scan-now.ts';
import { resume, suspend } from '../commands/suspension.ts';
import { askRollback, askSync, type ControlPorts } from '../commands/sync-and-rollback.ts';
import { DriftlessError } from '../errors.ts';
import type { ConfigReport } from '../model/configuration-record.ts';
import { driftOf, driftOfAll, historyOf, lookAt, lookAtAll, operationOf } from '../queries/applications.ts';
import { bodyOf, checked, failed } from './responses.ts';

export type ApiPorts = ControlPorts &
  DriftScans & {
    /** What came of the newest look at the configuration, where a repository has it. */
    readonly configuration?: () => Promise<ConfigReport | undefined>;
  };

/** Who sent a request, where whoever mounts the API knows it better than the body. */
export type Carried = { readonly caller?: string };

type Api = Hono<{ Variables: Carried }>;

const MAX_BODY_BYTES = 256 * 1024;

const Name = z.string().min(1).max(253);
const Line = z.string().trim().min(1).max(500);
const Sequence = z.strictObject({ seq: z.coerce.number().int().min(1) });
const Sync = z.strictObject({ by: Line.optional(), release: z.boolean().optional() });
const Rollback = z.strictObject({ by: Line.optional(), toSeq: z.int().min(1).optional() });
const Suspend = z.strictObject({ reason: Line, by: Line.optional(), until: z.iso.datetime().optional() });
const Resume = z.strictObject({ by: Line.optional() });
const Scan = z.union([
  z.strictObject({ apps: z.array(Name).min(1).max(100) }),
  z.strictObject({ cluster: Name.optional() }),
]);
const History = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) });

/** Makes the routes below `/api`. */
export function createApi(ports: ApiPorts): Api {
  const api: Api = new Hono();
  api.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => tooLarge(context, ports) }));
  api.onError((thrown, context) => failed(context, thrown, ports.log));
  addReads(api, ports);
  addOrders(api, ports);
  return api;
}

function addReads(api: Api, ports: ApiPorts): void {
  api.get('/applications', async (context) => {
    const [applications, configuration] = await Promise.all([lookAtAll(ports), ports.configuration?.()]);
    return context.json({ applications, ...(configuration && { configuration }) });
  });
  api.get('/applications/:name', async (context) => context.json(await lookAt(nameOf(context), ports)));
  api.get('/applications/:name/operations', async (context) => {
    const { limit } = checked(History, context.req.query());
    return context.json({ operations: await historyOf(nameOf(context), limit, ports) });
  });
  api.get('/applications/:name/operations/:seq', async (context) => {
    const { seq } = checked(Sequence, { seq: context.req.param('seq') });
    return context.json(await operationOf(nameOf(context), seq, ports));
  });
  api.get('/applications/:name/drift', async (context) => context.json(await driftOf(nameOf(context), ports)));
  api.get('/drift', async (context) => context.json({ applications: await driftOfAll(ports) }));
}

function addOrders(api: Api, ports: ApiPorts): void {
  api.post('/applications/:name/sync', async (context) => {
    const wish = await wishOf(context, Sync);
    return context.json(await askSync(nameOf(context), wish, ports), 202);
  });
  api.post('/applications/:name/rollback', async (context) => {
    const wish = await wishOf(context, Rollback);
    return context.json(await askRollback(nameOf(context), wish, ports), 202);
  });
  api.post('/applications/:name/suspend', async (context) => {
    const wish = await wishOf(context, Suspend);
    return context.json(await suspend(nameOf(context), wish, ports));
  });
  api.post('/applications/:name/resume', async (context) => {
    const wish = await wishOf(context, Resume);
    return context.json(await resume(nameOf(context), wish, ports));
  });
  api.post('/drift/scan', async (context) => {
    const wish = await bodyOf(context, Scan);
    return context.json(await scanNow(wish, ports));
  });
}

/** What is asked for, and by whom. */
async function wishOf<T extends { readonly by?: string | undefined }>(
  context: Context<{ Variables: Carried }>,
  schema: z.ZodType<T>,
): Promise<T> {
  const wish = await bodyOf(context, schema);
  const by = context.get('caller');
  return by === undefined ? wish : { ...wish, by };
}

function nameOf(context: Context): string {
  return checked(Name, context.req.param('name'));
}

function tooLarge(context: Context, { log }: ApiPorts): Response {
  const limit = `${MAX_BODY_BYTES / 1024} kB`;
  return failed(context, new DriftlessError('PayloadTooLarge', `request: its body is larger than ${limit}`), log);
}
