import { z } from 'zod';
import { DEFAULT_PROJECT } from '../../projects/limits.ts';
import { type DeclaredApplication, driftMode, ignoreRule } from './drift.ts';
import { DNS_LABEL, dnsLabel, documentOf, duration, line } from './fields.ts';
import { annotations, labelsOf, labelValue } from './marks.ts';
import { source } from './source.ts';

/** The cluster of an application that names none; it exists without being declared: what the deployer was started for. */
export const LOCAL_CLUSTER = 'local';

/** Room for `-<seq>` in the 64 characters of an operation's name, and the longest name of a Helm release. */
const MAX_NAME = 53;

const sync = z
  .strictObject({
    mode: z.enum(['auto', 'manual']).default('auto'),
    prune: z.boolean().default(true),
    pruneProtected: z
      .array(z.enum(['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume']))
      .default([]),
    maxPrunePercent: z.int().min(0).max(100).default(50),
    allowEmpty: z.boolean().default(false),
    createNamespace: z.boolean().default(false),
    force: z.boolean().default(false),
    recreate: z.boolean().default(false),
    timeout: duration.prefault('10m'),
  })
  .transform(({ timeout, ...options }) => ({ ...options, timeoutSeconds: timeout }));

const rollback = z
  .strictObject({
    alarms: z.array(line(255)).min(1),
    bakeTime: duration.prefault('10m'),
  })
  .transform(({ alarms, bakeTime }) => ({ alarms, bakeTimeSeconds: bakeTime }));

const spec = z.strictObject({
  project: dnsLabel(63).default(DEFAULT_PROJECT),
  source,
  destination: z.strictObject({ cluster: dnsLabel(63).default(LOCAL_CLUSTER), namespace: dnsLabel(63) }),
  sync: sync.prefault({}),
  drift: z.strictObject({ mode: driftMode.exactOptional(), ignore: z.array(ignoreRule).exactOptional() }).prefault({}),
  rollback: rollback.exactOptional(),
});

/** The annotation that says which name an application had before. */
export const RENAMED_FROM = 'driftless.dev/renamed-from';

const metadata = z.strictObject({
  name: dnsLabel(MAX_NAME),
  labels: labelsOf(labelValue).exactOptional(),
  annotations: annotations(RENAMED_FROM, { pattern: DNS_LABEL, maxLength: MAX_NAME }).exactOptional(),
});

/** `kind: Application`: what is deployed from where to where. */
export const application: z.ZodType<DeclaredApplication> = documentOf('Application', metadata, spec).transform(
  ({ metadata: { name, labels, annotations = {} }, spec: { project, source, ...rest } }) => {
    const { [RENAMED_FROM]: renamedFrom, ...others } = annotations;
    return {
      name,
      ...(renamedFrom !== undefined && { renamedFrom }),
      ...(labels !== undefined && { labels }),
      ...(Object.keys(others).length > 0 && { annotations: others }),
      project,
      sources: [source],
      ...rest,
    };
  },
);
