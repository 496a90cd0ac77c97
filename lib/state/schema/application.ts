import { z } from 'zod';
import {
  type Application,
  type Destination,
  type DirectoryOptions,
  type DriftOptions,
  type HelmOptions,
  type IgnoreRule,
  type KustomizeOptions,
  MAX_SOURCES,
  type RollbackOptions,
  type Source,
  type SyncOptions,
} from '../../model/application.ts';
import { json, parsed } from './records.ts';
import type { Shape } from './shape.ts';

const text = z.string();
const texts = z.array(text);

const source = z.object({
  repo: text,
  ref: text,
  path: text,
  directory: z
    .object({
      recurse: z.boolean(),
      include: text.exactOptional(),
      exclude: text.exactOptional(),
    } satisfies Shape<DirectoryOptions>)
    .exactOptional(),
  kustomize: z.object({ allowRemoteBases: z.boolean() } satisfies Shape<KustomizeOptions>).exactOptional(),
  helm: z
    .object({
      releaseName: text.exactOptional(),
      valueFiles: texts,
      values: z.record(text, z.unknown()).exactOptional(),
      includeCRDs: z.boolean(),
    } satisfies Shape<HelmOptions>)
    .exactOptional(),
} satisfies Shape<Source>);

const sync = z.object({
  mode: z.enum(['auto', 'manual']),
  prune: z.boolean(),
  pruneProtected: texts,
  maxPrunePercent: z.number(),
  allowEmpty: z.boolean(),
  createNamespace: z.boolean(),
  force: z.boolean(),
  recreate: z.boolean(),
  timeoutSeconds: z.number(),
} satisfies Shape<SyncOptions>);

const ignoreRule = z.object({
  group: text.exactOptional(),
  kind: text.exactOptional(),
  namespace: text.exactOptional(),
  name: text.exactOptional(),
  fields: texts.exactOptional(),
  managers: texts.exactOptional(),
} satisfies Shape<IgnoreRule>);

const application = z.object({
  name: text,
  renamedFrom: text.exactOptional(),
  labels: z.record(text, text).exactOptional(),
  annotations: z.record(text, text).exactOptional(),
  project: text,
  sources: z.tuple([source], source).check(z.maxLength(MAX_SOURCES)),
  destination: z.object({ cluster: text, namespace: text } satisfies Shape<Destination>),
  sync,
  drift: z.object({
    mode: z.enum(['correct', 'report', 'off']),
    ignore: z.array(ignoreRule).exactOptional(),
  } satisfies Shape<DriftOptions>),
  rollback: z.object({ alarms: texts, bakeTimeSeconds: z.number() } satisfies Shape<RollbackOptions>).exactOptional(),
} satisfies Shape<Application>);

/** One source is stored as `source`, several as `sources`. */
const storedApplication = z.preprocess((stored) => {
  if (typeof stored !== 'object' || stored === null || !('source' in stored)) return stored;
  const { source: only, ...rest } = stored;
  return { ...rest, sources: [only] };
}, application);

/** Reads an Application as it is stored. Configuration was validated before it was written; this guards against older and damaged items. */
export function parseApplication(name: string, stored: string): Application {
  return parsed(json.pipe(storedApplication), stored, `Application/${name}: its specification`);
}
