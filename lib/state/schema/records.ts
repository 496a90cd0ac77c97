// In: items as DynamoDB returns them. Out: typed records. What may go wrong: an item has another shape, which is an Internal error that
// names the item; callers that read many skip it.
import { z } from 'zod';
import { DriftlessError } from '../../errors.ts';
import type {
  Deployment,
  FormerName,
  HeldRevision,
  InventoryPlace,
  LastSync,
  Lease,
  LeftInventory,
  Origin,
  Rendered,
  SourceInput,
  Suspension,
  Waiting,
} from '../../model/application-record.ts';
import { parseJson } from '../../model/exact-json.ts';
import type { Operation, Outcome, PlanSummary, RecordedError, Trigger, Trouble } from '../../model/operation.ts';
import { upgraded } from '../dynamo/migrations.ts';
import { commit, failure, head } from './commits.ts';
import { health, healthAtEnd } from './health.ts';
import { outcomeStatus, phase, triggerKind } from './operation-words.ts';
import type { Shape } from './shape.ts';

const count = z.int().nonnegative();
const text = z.string();
/** A text that holds a value which DynamoDB's own types would not keep as it is. */
export const json = text.transform((value, context): unknown => {
  try {
    return parseJson(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const texts = z.array(text).readonly();
const lease = z.object({
  app: text,
  seq: count,
  fence: count,
  expiresAt: z.iso.datetime(),
  worker: text.exactOptional(),
} satisfies Shape<Lease>);

const lastSync = z.object({
  revision: text,
  revisions: texts.exactOptional(),
  commit: commit.exactOptional(),
  seq: count,
  specHash: text,
  inputs: z.array(z.object({ path: text, oid: text } satisfies Shape<SourceInput>)).readonly(),
  renderedKey: text,
  status: outcomeStatus,
} satisfies Shape<LastSync>);

const rendered = z.object({
  revision: text,
  specHash: text,
  inputs: lastSync.shape.inputs,
} satisfies Shape<Rendered>);

const deployment = z.object({
  seq: count,
  revision: text,
  revisions: texts.exactOptional(),
  at: text,
  alarmsBefore: texts,
} satisfies Shape<Deployment>);

const suspension = z.object({
  reason: text,
  by: text.exactOptional(),
  at: text,
  until: text.exactOptional(),
} satisfies Shape<Suspension>);

const heldRevision = z.object({
  revision: text,
  revisions: texts.exactOptional(),
  reason: text,
  at: text,
} satisfies Shape<HeldRevision>);

const origin: z.ZodType<Origin> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('config') }),
  z.object({ kind: z.literal('preview'), parent: text, request: text }),
  z.object({ kind: z.literal('generated'), by: text }),
]);

const formerName = z.object({
  name: text,
  upToSeq: count,
  afterSeq: count.exactOptional(),
} satisfies Shape<FormerName>);

const place = z.object({ cluster: text, uid: text.exactOptional(), namespace: text } satisfies Shape<InventoryPlace>);

const moved = z.object({ ...place.shape, generation: count, chunks: count } satisfies Shape<LeftInventory>);

const waiting = z.object({ gate: text, since: text, until: text.exactOptional() } satisfies Shape<Waiting>);

const meta = z.object({
  /** As it is stored; the other attributes are in the shape of the current version. */
  schemaVersion: z.int().positive(),
  /** Raised by every write of this item; each is conditional on the version that was read. */
  version: count,
  /** The Application as JSON, since its Helm values may be anything; absent when the application was removed. */
  app: text.exactOptional(),
  specHash: text.exactOptional(),
  repo: text.exactOptional(),
  listing: text.exactOptional(),
  /** The repositories that have an index item of this application. */
  repos: texts.exactOptional(),
  /** The version that index items and summary were last written with. */
  indexed: count.exactOptional(),
  origin: origin.exactOptional(),
  formerly: z.array(formerName).readonly().exactOptional(),
  /** The project of an application that was removed. */
  formerProject: text.exactOptional(),
  /** Operations up to this number are those of another application that had the name. */
  historyFrom: count.exactOptional(),
  waiting: z.array(waiting).readonly().exactOptional(),
  /** `desiredSeq` when this specification came. */
  specSeq: count.exactOptional(),
  desiredSeq: count,
  desiredRevision: text.exactOptional(),
  /** The newest request, for lists; of another number than `desiredSeq`, it is not that of the newest operation. */
  requested: z.object({ seq: count, trigger: triggerKind, at: text }).exactOptional(),
  /** The highest fence that was ever given away. */
  fence: count,
  lease: lease.exactOptional(),
  /** How the newest operation that ended did so, and under which fence, if it had one. */
  settled: z
    .object({
      seq: count,
      fence: count.exactOptional(),
      status: outcomeStatus.exactOptional(),
      revision: text.exactOptional(),
      at: text.exactOptional(),
    })
    .exactOptional(),
  lastSync: lastSync.exactOptional(),
  rendered: rendered.exactOptional(),
  /** Which item holds the wanted objects, and the cluster whose index names the application for them. */
  wants: z.object({ generation: count, chunks: count, cluster: text }).exactOptional(),
  health: healthAtEnd.exactOptional(),
  head: head.exactOptional(),
  failure: failure.exactOptional(),
  previous: lastSync.exactOptional(),
  deployment: deployment.exactOptional(),
  suspended: suspension.exactOptional(),
  held: z.array(heldRevision).readonly().exactOptional(),
  inventory: z.object({ generation: count, chunks: count }).exactOptional(),
  place: place.exactOptional(),
  moved: z.array(moved).readonly().exactOptional(),
  /** No operation before this one is open. */
  openFrom: count,
});

/** An application's META item. */
export type Meta = z.infer<typeof meta>;

const operation = z.object({
  app: text,
  seq: count,
  trigger: z.object({
    kind: triggerKind,
    by: text.exactOptional(),
    keepsHeld: z.boolean().exactOptional(),
    undo: text.exactOptional(),
    undoRevisions: texts.exactOptional(),
    toSeq: count.exactOptional(),
    from: text.exactOptional(),
  } satisfies Shape<Trigger>),
  phase,
  revision: text.exactOptional(),
  revisions: texts.exactOptional(),
  commit: commit.exactOptional(),
  plan: z
    .object({
      created: count,
      configured: count,
      recreated: count,
      unchanged: count,
      deleted: count,
      skipped: count,
      refused: count,
    } satisfies Shape<PlanSummary>)
    .exactOptional(),
  renderedKey: text.exactOptional(),
  changeSetKey: text.exactOptional(),
  trouble: z.object({ code: text, message: text, since: text } satisfies Shape<Trouble>).exactOptional(),
  outcome: z
    .object({
      status: outcomeStatus,
      message: text,
      refusals: texts.exactOptional(),
      revision: text.exactOptional(),
      health: health.exactOptional(),
      error: z
        .object({ code: text, message: text, hint: text.exactOptional() } satisfies Shape<RecordedError>)
        .exactOptional(),
    } satisfies Shape<Outcome>)
    .exactOptional(),
  timings: z.partialRecord(phase, z.number()).exactOptional(),
  requestedAt: text,
  startedAt: text.exactOptional(),
  endedAt: text.exactOptional(),
} satisfies Shape<Operation>);

/** Reads a META item. */
export function parseMeta(app: string, item: Readonly<Record<string, unknown>>): Meta {
  const subject = `Application/${app}: its record`;
  return parsed(meta, upgraded('application', item, subject), subject);
}

/** Reads an operation's item. */
export function parseOperation(subject: string, item: unknown): Operation {
  return parsed(operation, item, `${subject}: its record`);
}

/** A value in the shape of the schema, or an Internal error that tells what is wrong where. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, subject: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'item'}: ${message}`);
  throw new DriftlessError('Internal', `${subject} in the state table cannot be read: ${problems.join('; ')}`);
}
