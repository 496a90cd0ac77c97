// The way of a delivery. In: forge, headers, raw body. Out: an HTTP status and body; an operation is requested for every affected application. May go
// wrong: a delivery that fails verification (4xx, nothing happened); a write of state or a start that fails (5xx, after all other applications were
// served). Every step is idempotent, so the forge may send the same delivery again.

import { type ConfigFollower, type ConfigReply, followConfigOnPush } from '../config-repo/on-push.ts';
import { asDriftlessError } from '../errors.ts';
import type { Source } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { PushEvent } from '../model/push-event.ts';
import { type RequestedOperation, type RequestPorts, requestOperation } from '../operations/request-operation.ts';
import { type BlockingGate, blockedBy } from '../policy/gates.ts';
import type { Git, GitLog } from '../ports/git.ts';
import type { Projects } from '../ports/projects.ts';
import type { Clock, Log, Secrets } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { RequestHeaders } from '../webhook/delivery.ts';
import { type ErrorBody, errorBody, statusOf } from '../webhook/error-reply.ts';
import { type Forge, forgeOf, precheckDelivery, readDelivery } from '../webhook/forges.ts';
import { affectedApps, sourcesIn, unchangedApps } from './affected-apps.ts';
import { noteHeads } from './note-heads.ts';

/** The outside world of the webhook edge. */
export type ReceivePorts = RequestPorts & {
  readonly secrets: Pick<Secrets, 'webhookSecrets'>;
  readonly state: StateStore;
  readonly git: Git & GitLog;
  readonly projects: Projects;
  /** How a push to the configuration's repository has it followed; absent where the configuration is no repository. */
  readonly config?: ConfigFollower;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
};

/** A request to `POST /webhooks/<forge>`; header names in lower case, the body as it was sent. */
export type PushRequest = { readonly forge: string; readonly headers: RequestHeaders; readonly body: Uint8Array };

/**
 * The result for one affected application: `queued` waits for the operation that runs, `manual` and `suspended` wait for a person, `held` is a commit that
 * was rolled back, `unchanged` means that the push changes none of its files.
 */
type PushResult = {
  readonly app: string;
  readonly status: 'started' | 'queued' | 'alreadyAsked' | 'unchanged' | BlockingGate['name'] | 'failed';
  /** Name of the operation, `<app>-<seq>`. */
  readonly operation?: string;
  readonly error?: ErrorBody['error'];
};

const GATES: readonly BlockingGate['name'][] = ['manual', 'suspended', 'held'];

/** 202 once everything that had to be recorded is recorded. */
export type PushReply = {
  readonly status: 202 | ReturnType<typeof statusOf>;
  readonly body: AcceptedBody | ErrorBody;
};

type AcceptedBody = {
  readonly deliveryId: string;
  readonly applications: readonly PushResult[];
  /** Why nothing, or not everything, was requested. */
  readonly message?: string;
  /** The result for the configuration, where the push was to its branch. */
  readonly configuration?: ConfigReply;
};

/** Handles a delivery of a forge; never throws. */
export async function receivePush(request: PushRequest, ports: ReceivePorts): Promise<PushReply> {
  try {
    const forge = forgeOf(request.forge);
    const delivery = await withSecrets(forge, ports, (secrets) =>
      readDelivery(forge, { ...request, secrets, now: ports.clock.now() }),
    );
    if (delivery.kind === 'push') return await handlePush(delivery.event, ports);
    return accepted({ deliveryId: delivery.deliveryId, applications: [], message: delivery.reason });
  } catch (thrown) {
    return refusal(thrown, request, ports.log);
  }
}

/** The answer to a delivery that its headers already rule out; asked before the body is read. Undefined admits it. */
export async function refuseUnsigned(
  request: Omit<PushRequest, 'body'>,
  ports: Pick<ReceivePorts, 'secrets' | 'clock' | 'log'>,
): Promise<PushReply | undefined> {
  try {
    const forge = forgeOf(request.forge);
    await withSecrets(forge, ports, async (secrets) =>
      precheckDelivery(forge, { headers: request.headers, secrets, now: ports.clock.now() }),
    );
    return undefined;
  } catch (thrown) {
    return refusal(thrown, request, ports.log);
  }
}

function refusal(thrown: unknown, request: Pick<PushRequest, 'forge'>, log: Log): PushReply {
  const error = asDriftlessError(thrown);
  const status = statusOf(error);
  const fields = { forge: request.forge.slice(0, 40), code: error.code, reason: error.message };
  if (status < 500) log.warn('refused a delivery', fields);
  else log.error('could not handle a delivery', fields);
  return { status, body: errorBody(error) };
}

/** Secrets change while the deployer runs: where no cached secret verifies a delivery, they are read again before the delivery is refused. */
async function withSecrets<T>(
  forge: Forge,
  { secrets }: Pick<ReceivePorts, 'secrets'>,
  check: (secrets: readonly string[]) => Promise<T>,
): Promise<T> {
  try {
    return await check(await secrets.webhookSecrets(forge, { refresh: false }));
  } catch (thrown) {
    const { code } = asDriftlessError(thrown);
    if (code !== 'SignatureMismatch' && code !== 'WebhookSecretMissing') throw thrown;
    return check(await secrets.webhookSecrets(forge, { refresh: true }));
  }
}

async function handlePush(event: PushEvent, ports: ReceivePorts): Promise<PushReply> {
  const { deliveryId, ref, after } = event;
  const log = ports.log.bind({ deliveryId, repo: event.repos[0], ref });
  if (after === undefined) {
    return accepted({ deliveryId, applications: [], message: `${ref} was deleted; nothing is deployed or removed` });
  }
  // The configuration comes first: this very commit may add or change applications of this repository.
  const configuration = await followConfigOnPush(event, ports.config, log);
  const reply = await deployAffected({ ...event, after }, { ...ports, log });
  return configuration === undefined ? reply : withConfiguration(reply, configuration);
}

/** A passing failure to follow the configuration makes the forge show the delivery as failed, so that it can be sent again. */
function withConfiguration({ status, body }: AcceptedReply, configuration: ConfigReply): PushReply {
  const { message, ...others } = body;
  const shown = message === undefined || body.applications.length === 0 ? {} : { message };
  return { status: configuration.retry ? 503 : status, body: { ...others, ...shown, configuration } };
}

type AcceptedReply = PushReply & { readonly body: AcceptedBody };
type Commit = PushEvent & { readonly after: string };

async function deployAffected(event: Commit, ports: ReceivePorts): Promise<AcceptedReply> {
  const { deliveryId, after } = event;
  const { users, affected } = await affectedApps(event, ports.state);
  if (affected.length === 0) return accepted({ deliveryId, applications: [], message: noneAffected(event, users) });
  const request = { trigger: 'push', revision: after, now: ports.clock.now() } as const;
  const unblocked = affected.filter((record) => blockedBy(record, request) === undefined);
  const unchanged = await unchangedApps(unblocked, ports);
  const applications = await Promise.all(
    affected.map(async (record): Promise<PushResult> => {
      const { name } = record.app;
      return unchanged.has(name) ? { app: name, status: 'unchanged' } : deploy(record, event, ports);
    }),
  );
  await noteBlocked(affected, applications, ports);
  const requested = applications.filter(({ operation }) => operation !== undefined);
  ports.log.info('requested operations', { revision: after, applications: requested.map(({ app }) => app) });
  return replyOf(deliveryId, applications);
}

/** What is not deployed by itself is recorded at once, so that people see it; the operations of the others record it at their end. */
async function noteBlocked(
  records: readonly ApplicationRecord[],
  results: readonly PushResult[],
  ports: ReceivePorts,
): Promise<void> {
  const blocked = results.filter(({ status }) => GATES.some((gate) => gate === status)).map(({ app }) => app);
  const unchanged = results.filter(({ status }) => status === 'unchanged').map(({ app }) => app);
  // A commit that takes another one back leaves the application where it is, which is no longer behind.
  const waiting = records.filter(
    ({ app, head }) => blocked.includes(app.name) || (unchanged.includes(app.name) && head?.isChanged),
  );
  if (waiting.length > 0) await noteHeads(waiting, ports);
}

/** Requests one application's operation; its failure is a value, so that the other applications are served. */
async function deploy(record: ApplicationRecord, event: Commit, ports: ReceivePorts): Promise<PushResult> {
  const { name } = record.app;
  try {
    const trigger = { kind: 'push', by: event.deliveryId } as const;
    const result = await requestOperation(record, { trigger, revision: event.after }, ports);
    if (result.status === 'blocked') return { app: name, status: result.gate.name };
    return { app: name, status: statusWord(result), operation: result.operation };
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    ports.log.error('could not request an operation', { app: name, code: error.code, reason: error.message });
    return { app: name, status: 'failed', error: errorBody(error).error };
  }
}

function statusWord({ status }: RequestedOperation): PushResult['status'] {
  return status === 'alreadyRequested' ? 'alreadyAsked' : status;
}

function replyOf(deliveryId: string, applications: readonly PushResult[]): AcceptedReply {
  const failed = applications.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return accepted({ deliveryId, applications });
  const message = `${failed} of ${applications.length} operations could not be requested; send the delivery again`;
  return { status: 503, body: { deliveryId, applications, message } };
}

function noneAffected(event: PushEvent, users: readonly ApplicationRecord[]): string {
  const { repos, ref } = event;
  if (users.length === 0) {
    return `${repos.join(', ')}: no application uses this repository; set spec.source.repo of one to it, or remove the webhook`;
  }
  const refs = users.map(({ app }) => `${app.name}: ${refsOf(sourcesIn(app, event))}`).join(', ');
  return `${ref}: no application follows it (${refs}); set spec.source.ref where it should`;
}

function refsOf(sources: readonly Source[]): string {
  return sources.map(({ ref }) => ref).join(' ');
}

function accepted(body: AcceptedBody): AcceptedReply {
  return { status: 202, body };
}
