// The way of a delivery. In: forge, headers, raw body. Out: an HTTP status and body; for every affected application an operation is asked for,
// and started where it is ours to start. May go wrong: what verification refuses (4xx, nothing happened); a write of state or a start that
// fails (5xx, after all other applications were served). Every step is idempotent, so the same delivery may come again.

import { type ConfigAnswer, type ConfigFollower, followPush } from '../config-repo/on-push.ts';
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { operationName, type Trigger } from '../model/operation.ts';
import type { PushEvent } from '../model/push-event.ts';
import { barrierTo } from '../policy/gates.ts';
import type { Git } from '../ports/git.ts';
import type { Clock, Log, Secrets } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import { untouchedByHead } from '../sync/resolve/unaffected.ts';
import type { Delivery, RequestHeaders } from '../webhook/delivery.ts';
import { type ErrorBody, errorBody, statusOf } from '../webhook/error-reply.ts';
import { type Forge, forgeOf, readDelivery } from '../webhook/forges.ts';
import { refMatches } from '../webhook/ref-matches.ts';

/** What the webhook edge needs of the world. */
export type ReceivePorts = {
  readonly secrets: Pick<Secrets, 'webhookSecrets'>;
  readonly state: Pick<StateStore, 'applicationsOfRepo' | 'request'>;
  readonly git: Git;
  readonly operations: Operations;
  /** How a push to the configuration's repository has it followed; absent where the configuration is no repository. */
  readonly config?: ConfigFollower;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
};

/** A forge waits for its answer, so the Git server has this long to tell which applications a push concerns. */
const GIT_LOOK_MS = 3_000;

/** A request to `POST /webhooks/<forge>`; header names in lower case, the body as it was sent. */
export type PushRequest = { readonly forge: string; readonly headers: RequestHeaders; readonly body: Uint8Array };

/**
 * What became of one affected application: `queued` waits for the operation that runs, `manual` and `suspended` wait for a person, `held` is a commit that
 * was rolled back, `unchanged` is made from nothing that the push has changed.
 */
type AskedApplication = {
  readonly app: string;
  readonly status: 'started' | 'queued' | 'alreadyAsked' | 'unchanged' | 'manual' | 'suspended' | 'held' | 'failed';
  /** Name of the operation, `<app>-<seq>`. */
  readonly operation?: string;
  readonly error?: ErrorBody['error'];
};

/** 202 when everything that had to be recorded is. */
export type PushReply = {
  readonly status: 202 | ReturnType<typeof statusOf>;
  readonly body: AcceptedBody | ErrorBody;
};

type AcceptedBody = {
  readonly deliveryId: string;
  readonly applications: readonly AskedApplication[];
  /** Why nothing, or not everything, was asked for. */
  readonly message?: string;
  /** Where the push was to the configuration's branch: what came of that. */
  readonly configuration?: ConfigAnswer;
};

/** Handles a delivery of a forge; never throws. */
export async function receivePush(request: PushRequest, ports: ReceivePorts): Promise<PushReply> {
  try {
    const forge = forgeOf(request.forge);
    const delivery = await readVerified(forge, request, ports);
    if (delivery.kind === 'push') return await askAll(delivery.event, ports);
    return accepted({ deliveryId: delivery.deliveryId, applications: [], message: delivery.reason });
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    const status = statusOf(error);
    const fields = { forge: request.forge.slice(0, 40), code: error.code, reason: error.message };
    if (status < 500) ports.log.warn('refused a delivery', fields);
    else ports.log.error('could not handle a delivery', fields);
    return { status, body: errorBody(error) };
  }
}

/** Secrets change while we run: where none that is known fits, they are read anew before the delivery is refused. */
async function readVerified(
  forge: Forge,
  request: PushRequest,
  { secrets, clock }: Pick<ReceivePorts, 'secrets' | 'clock'>,
): Promise<Delivery> {
  const read = async (anew: boolean): Promise<Delivery> =>
    readDelivery(forge, { ...request, secrets: await secrets.webhookSecrets(forge, { anew }), now: clock.now() });
  try {
    return await read(false);
  } catch (thrown) {
    const { code } = asDriftlessError(thrown);
    if (code !== 'SignatureMismatch' && code !== 'WebhookSecretMissing') throw thrown;
    return read(true);
  }
}

async function askAll(event: PushEvent, ports: ReceivePorts): Promise<PushReply> {
  const { deliveryId, ref, after } = event;
  const log = ports.log.bind({ deliveryId, repo: event.repos[0], ref });
  if (after === undefined) {
    return accepted({ deliveryId, applications: [], message: `${ref} was deleted; that deploys and removes nothing` });
  }
  // First, since the applications of this repository may be new or other ones in this very commit.
  const configuration = await followPush(event, ports.config, log);
  const reply = await askApplications({ ...event, after }, { ...ports, log });
  return configuration === undefined ? reply : withConfiguration(reply, configuration);
}

/** A configuration that could not be followed for a passing reason makes the forge show the delivery as failed, so that it can be sent again. */
function withConfiguration({ status, body }: AskedReply, configuration: ConfigAnswer): PushReply {
  const { message, ...others } = body;
  const said = message === undefined || body.applications.length === 0 ? {} : { message };
  return { status: configuration.retry ? 503 : status, body: { ...others, ...said, configuration } };
}

type AskedReply = PushReply & { readonly body: AcceptedBody };

async function askApplications(
  event: PushEvent & { readonly after: string },
  ports: ReceivePorts,
): Promise<AskedReply> {
  const { deliveryId, after } = event;
  const { log } = ports;
  const users = await applicationsOf(event.repos, ports);
  const affected = users.filter(({ app }) => refMatches(app.source.ref, event));
  if (affected.length === 0) return accepted({ deliveryId, applications: [], message: nobodyConcerned(event, users) });
  const now = ports.clock.now();
  const wish = { trigger: 'push', revision: after, now } as const;
  const barred = new Map(affected.map((record) => [record.app.name, barrierTo(record, wish)?.status]));
  const automatic = affected.filter(({ app }) => barred.get(app.name) === undefined);
  const untouched = await untouchedBy(automatic, { ...ports, log });
  const applications = await Promise.all(
    affected.map(async (record): Promise<AskedApplication> => {
      const { name } = record.app;
      const status = barred.get(name) ?? (untouched.has(name) ? 'unchanged' : undefined);
      return status === undefined ? ask(record, event, { ...ports, log }) : { app: name, status };
    }),
  );
  const asked = applications.filter(({ operation }) => operation !== undefined);
  log.info('asked for operations', { revision: after, applications: asked.map(({ app }) => app) });
  return conclude(deliveryId, applications);
}

/** The applications that use any of these addresses, each once, by name. */
async function applicationsOf(
  repos: readonly string[],
  { state }: ReceivePorts,
): Promise<readonly ApplicationRecord[]> {
  const found = await Promise.all(repos.map((repo) => state.applicationsOfRepo(repo)));
  const byName = new Map(found.flat().map((record) => [record.app.name, record]));
  return [...byName.values()].sort((a, b) => (a.app.name < b.app.name ? -1 : 1));
}

/**
 * Of several applications in one repository a push often concerns few; the others need no operation. One alone finds out in its own operation.
 * Where the Git server cannot tell, or not in time, all of them do.
 */
async function untouchedBy(
  automatic: readonly ApplicationRecord[],
  { git, clock, log }: Pick<ReceivePorts, 'git' | 'clock' | 'log'>,
): Promise<ReadonlySet<string>> {
  if (automatic.length < 2) return new Set();
  const answered = new AbortController();
  try {
    const late = clock.sleep(GIT_LOOK_MS, answered.signal).then(() => new Set<string>());
    return await Promise.race([untouchedByHead(automatic, git), late]);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.warn('could not see which applications the push concerns, all are asked for', { code, reason: message });
    return new Set();
  } finally {
    answered.abort();
  }
}

/** Asks for one application's operation; its failure is a value, since the other applications are to be served all the same. */
async function ask({ app }: ApplicationRecord, event: PushEvent, ports: ReceivePorts): Promise<AskedApplication> {
  try {
    const revision = event.after === undefined ? {} : { revision: event.after };
    const trigger: Trigger = { kind: 'push', by: event.deliveryId };
    const { seq, start, alreadyAsked } = await ports.state.request(app.name, { ...revision, trigger });
    // Also where it was asked for before: the start may be what failed then.
    if (start) await ports.operations.start(app.name, seq);
    const status = alreadyAsked ? 'alreadyAsked' : start ? 'started' : 'queued';
    return { app: app.name, status, operation: operationName({ app: app.name, seq }) };
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    ports.log.error('could not ask for an operation', { app: app.name, code: error.code, reason: error.message });
    return { app: app.name, status: 'failed', error: errorBody(error).error };
  }
}

function conclude(deliveryId: string, applications: readonly AskedApplication[]): AskedReply {
  const failed = applications.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return accepted({ deliveryId, applications });
  const message = `${failed} of ${applications.length} operations could not be asked for; send the delivery again`;
  return { status: 503, body: { deliveryId, applications, message } };
}

function nobodyConcerned({ repos, ref }: PushEvent, users: readonly ApplicationRecord[]): string {
  if (users.length === 0) {
    return `${repos.join(', ')}: no application uses this repository; set spec.source.repo of one to it, or remove the webhook`;
  }
  const refs = users.map(({ app }) => `${app.name}: ${app.source.ref}`).join(', ');
  return `${ref}: no application follows it (${refs}); set spec.source.ref where it should`;
}

function accepted(body: AcceptedBody): AskedReply {
  return { status: 202, body };
}
