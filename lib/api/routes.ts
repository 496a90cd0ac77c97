// The API of a running deployer, the same on Lambda and on Node; the code that mounts it decides who may call it. In: a request. Out: JSON; errors as
// `{error: {code, message, hint}}`. Reads are in lib/queries, writes in lib/commands.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { adoptAll, adoptApplication } from '../commands/adopt.ts';
import { type PlanCommandPorts, planApplication } from '../commands/plan.ts';
import { type RefreshPorts, refreshApplication } from '../commands/refresh.ts';
import { resumeApplication } from '../commands/resume.ts';
import { rollBackApplication } from '../commands/rollback.ts';
import { type DriftScans, scanNow } from '../commands/scan-now.ts';
import { suspendApplication } from '../commands/suspend.ts';
import { type SyncCommandPorts, syncApplication } from '../commands/sync.ts';
import { terminateApplication } from '../commands/terminate.ts';
import { DriftlessError } from '../errors.ts';
import { listObjects } from '../inspect/stored/stored-objects.ts';
import type { ConfigReport } from '../model/configuration-record.ts';
import type { Blobs } from '../ports/store.ts';
import { getApplication } from '../queries/application.ts';
import { listPage } from '../queries/application-list.ts';
import { listApplications } from '../queries/applications.ts';
import { deployerProblem } from '../queries/deployer.ts';
import { getDrift, listDrift } from '../queries/drift.ts';
import { getOperation, listOperations } from '../queries/history.ts';
import { parseSelector } from '../queries/label-selector.ts';
import { listOrphans } from '../queries/orphans.ts';
import { bodyOf, checked, failed, Name, nameOf } from './responses.ts';

export type ApiPorts = SyncCommandPorts &
  DriftScans &
  Pick<RefreshPorts, 'look'> &
  Pick<PlanCommandPorts, 'dryRun'> & {
    /** Renderings and plans, for the objects of an application. */
    readonly blobs: Blobs;
    /** The report on the newest configuration, where a repository has it. */
    readonly configuration?: () => Promise<ConfigReport | undefined>;
  };

/** The caller of a request, where the code that mounts the API has verified it; it takes precedence over the body. */
export type ApiVariables = { readonly caller?: string };

type Api = Hono<{ Variables: ApiVariables }>;

const MAX_BODY_BYTES = 256 * 1024;

const Line = z.string().trim().min(1).max(500);
const Sequence = z.strictObject({ seq: z.coerce.number().int().min(1) });
const Sync = z.strictObject({ by: Line.optional(), release: z.boolean().optional() });
const Rollback = z.strictObject({ by: Line.optional(), toSeq: z.int().min(1).optional() });
const Identity = z.string().regex(/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/, 'is no identity of a deployer');
const Adopt = z.strictObject({ by: Line.optional(), from: Identity.optional() });
const AdoptAll = z.strictObject({ by: Line.optional(), from: Identity });
const Orphans = z.strictObject({ cluster: Name.optional() });
const Suspend = z.strictObject({ reason: Line, by: Line.optional(), until: z.iso.datetime().optional() });
const Order = z.strictObject({ by: Line.optional() });
const Scan = z.union([
  z.strictObject({ apps: z.array(Name).min(1).max(100) }),
  z.strictObject({ cluster: Name.optional() }),
]);
const Names = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(Name).max(100));
const Selection = z.object({ selector: z.string().optional(), names: Names.optional() });
const Page = z.strictObject({
  after: Name.optional(),
  selector: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
});
const ObjectPage = z.strictObject({
  after: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(5_000),
});
const History = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) });

/** Makes the routes below `/api`. */
export function createApi(ports: ApiPorts): Api {
  const api: Api = new Hono();
  api.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => tooLarge(context, ports) }));
  api.onError((thrown, context) => failed(context, thrown, ports.log));
  addReads(api, ports);
  addLists(api, ports);
  addCommands(api, ports);
  return api;
}

function addReads(api: Api, ports: ApiPorts): void {
  api.get('/applications', async (context) => {
    const { selector = '', names } = checked(Selection, context.req.query());
    const fits = parseSelector(selector);
    const [all, configuration, problem] = await Promise.all([
      listApplications(ports, names),
      ports.configuration?.(),
      deployerProblem(ports),
    ]);
    const applications = all.filter(({ labels }) => fits(labels));
    return context.json({ applications, ...(configuration && { configuration }), ...problem });
  });
  api.get('/applications/:name', async (context) => {
    const [application, configuration, problem] = await Promise.all([
      getApplication(nameOf(context), ports),
      ports.configuration?.(),
      deployerProblem(ports),
    ]);
    return context.json({ ...application, ...(configuration && { configuration }), ...problem });
  });
  api.get('/applications/:name/operations', async (context) => {
    const { limit } = checked(History, context.req.query());
    return context.json({ operations: await listOperations(nameOf(context), limit, ports) });
  });
  api.get('/applications/:name/operations/:seq', async (context) => {
    const { seq } = checked(Sequence, { seq: context.req.param('seq') });
    return context.json(await getOperation(nameOf(context), seq, ports));
  });
  api.get('/applications/:name/drift', async (context) => context.json(await getDrift(nameOf(context), ports)));
  api.get('/orphans', async (context) => {
    return context.json({ clusters: await listOrphans(checked(Orphans, context.req.query()), ports) });
  });
  api.get('/drift', async (context) => context.json({ applications: await listDrift(ports) }));
}

/** Lists in pages: `{items, next}`. */
function addLists(api: Api, ports: ApiPorts): void {
  api.get('/v1/applications', async (context) => {
    const page = checked(Page, context.req.query());
    const [list, configuration, problem] = await Promise.all([
      listPage(page, ports),
      ports.configuration?.(),
      deployerProblem(ports),
    ]);
    return context.json({ ...list, ...(configuration && { configuration }), ...problem });
  });
  api.get('/v1/applications/:name/objects', async (context) => {
    return context.json(await listObjects(nameOf(context), checked(ObjectPage, context.req.query()), ports));
  });
}

function addCommands(api: Api, ports: ApiPorts): void {
  api.post('/applications/:name/sync', async (context) => {
    const input = await inputOf(context, Sync);
    return context.json(await syncApplication(nameOf(context), input, ports), 202);
  });
  api.post('/applications/:name/adopt', async (context) => {
    const input = await inputOf(context, Adopt);
    return context.json(await adoptApplication(nameOf(context), input, ports), 202);
  });
  api.post('/adopt', async (context) => context.json(await adoptAll(await inputOf(context, AdoptAll), ports), 202));
  api.post('/applications/:name/rollback', async (context) => {
    const input = await inputOf(context, Rollback);
    return context.json(await rollBackApplication(nameOf(context), input, ports), 202);
  });
  api.post('/applications/:name/suspend', async (context) => {
    const input = await inputOf(context, Suspend);
    return context.json(await suspendApplication(nameOf(context), input, ports));
  });
  api.post('/applications/:name/resume', async (context) => {
    const input = await inputOf(context, Order);
    return context.json(await resumeApplication(nameOf(context), input, ports));
  });
  api.post('/applications/:name/terminate', async (context) => {
    const input = await inputOf(context, Order);
    return context.json(await terminateApplication(nameOf(context), input, ports), 202);
  });
  api.post('/applications/:name/refresh', async (context) => {
    await inputOf(context, Order);
    return context.json(await refreshApplication(nameOf(context), ports));
  });
  api.post('/applications/:name/plan', async (context) => {
    await inputOf(context, Order);
    return context.json(await planApplication(nameOf(context), ports));
  });
  api.post('/drift/scan', async (context) => {
    const input = await bodyOf(context, Scan);
    return context.json(await scanNow(input, ports));
  });
}

/** The body of a command, with the verified caller in place of its `by`. */
async function inputOf<T extends { readonly by?: string | undefined }>(
  context: Context<{ Variables: ApiVariables }>,
  schema: z.ZodType<T>,
): Promise<T> {
  const input = await bodyOf(context, schema);
  const by = context.get('caller');
  return by === undefined ? input : { ...input, by };
}

function tooLarge(context: Context, { log }: ApiPorts): Response {
  const limit = `${MAX_BODY_BYTES / 1024} kB`;
  return failed(context, new DriftlessError('PayloadTooLarge', `request: its body is larger than ${limit}`), log);
}
