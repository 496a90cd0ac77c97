// In: what the scans wrote. Out: typed records. What may go wrong: as in records.ts.
import { z } from 'zod';
import type { FieldChange } from '../../model/change-set.ts';
import type { Author, ClusterRecord, CorrectionState, DriftedObject, DriftRecord, Orphan } from '../../model/drift.ts';
import type { Health } from '../../model/health.ts';
import type { ObjectId } from '../../model/kube-object.ts';
import type { ObservedHealth, UnhealthyObject } from '../../model/observed-health.ts';
import { health } from './health.ts';
import { json } from './records.ts';
import type { Shape } from './shape.ts';

const text = z.string();
const count = z.int().nonnegative();

const objectId = z.object({
  group: text,
  kind: text,
  namespace: text.exactOptional(),
  name: text,
} satisfies Shape<ObjectId>);

const orphan = objectId.extend({ app: text.exactOptional() } satisfies Pick<Shape<Orphan>, 'app'>);

const author = z.object({
  manager: text.exactOptional(),
  operation: text.exactOptional(),
  at: text.exactOptional(),
  user: text.exactOptional(),
  verb: text.exactOptional(),
  sourceIp: text.exactOptional(),
} satisfies Shape<Author>);

const fieldChange = z.object({
  path: text,
  from: z.unknown().exactOptional(),
  to: z.unknown().exactOptional(),
} satisfies Shape<FieldChange>);

const driftedObject = z.object({
  id: objectId,
  apiVersion: text,
  drift: z.enum(['modified', 'missing', 'extra', 'takenOver']),
  fields: z.array(fieldChange).readonly(),
  by: z.array(author).readonly(),
  since: text,
  firstSeen: z.object({ scan: text, at: text } satisfies Shape<DriftedObject['firstSeen']>),
  handling: z.enum(['correct', 'report']),
  note: text.exactOptional(),
} satisfies Shape<DriftedObject>);

const correction = z.object({
  attempts: count,
  seq: count,
  notBefore: text,
  fighting: z.object({ managers: z.array(text).readonly(), since: text }).exactOptional(),
  failing: z.object({ message: text, since: text }).exactOptional(),
} satisfies Shape<CorrectionState>);

const observedHealth = health.extend({
  since: text,
  at: text,
  seq: count,
  told: z.literal(true).exactOptional(),
  objects: z
    .array(health.extend({ id: objectId, since: text } satisfies Omit<Shape<UnhealthyObject>, keyof Health>))
    .readonly(),
  count,
} satisfies Omit<Shape<ObservedHealth>, keyof Health>);

/** What the scans know about one application, as JSON. */
export const driftRecord = json.pipe(
  z.object({
    app: text,
    version: count,
    status: z.enum(['InSync', 'Drifted', 'Unknown']),
    reason: text.exactOptional(),
    since: text,
    scannedAt: text,
    scan: text,
    checkedInFullAt: text.exactOptional(),
    objects: z.array(driftedObject).readonly(),
    count,
    correction: correction.exactOptional(),
    health: observedHealth.exactOptional(),
  } satisfies Shape<DriftRecord>),
);

/** What the scans know about one cluster, as JSON. */
export const clusterRecord = json.pipe(
  z.object({
    cluster: text,
    status: z.enum(['Reachable', 'Unknown']),
    reason: text.exactOptional(),
    since: text,
    scan: text,
    startedAt: text,
    completedAt: text.exactOptional(),
    ms: z.number(),
    cursor: text.exactOptional(),
    orphans: z.array(orphan).readonly(),
    orphanCount: count.exactOptional(),
    orphansAt: text.exactOptional(),
  } satisfies Shape<ClusterRecord>),
);
