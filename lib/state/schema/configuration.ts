// In: the configuration's items as DynamoDB returns them. Out: typed records. What may go wrong: an item has another shape, or another version than this
// deployer knows, which is an Internal error that names it.
import { z } from 'zod';
import type { ConfigProblem } from '../../model/config-problem.ts';
import type {
  ClusterDeclaration,
  Configuration,
  KindRule,
  KindRules,
  Project,
  Repository,
} from '../../model/configuration.ts';
import type { ConfigReport, ConfigSource } from '../../model/configuration-record.ts';
import type { HealthRule } from '../../model/health-rule.ts';
import type { RecordedError } from '../../model/operation.ts';
import { migrated } from '../dynamo/migrations.ts';
import { parseApplication } from './application.ts';
import { parsed } from './records.ts';
import type { Shape } from './shape.ts';

const SUBJECT = 'configuration: its record';

const text = z.string();
const texts = z.array(text);
const count = z.int().nonnegative();

const source = z.object({ repo: text, ref: text, path: text } satisfies Shape<ConfigSource>);

const pointer = z.object({
  schemaVersion: z.literal(1),
  version: count,
  source,
  revision: text,
  hash: text,
  readBy: text,
  at: text,
  loaded: z.boolean(),
  loadingUntil: text.exactOptional(),
  /** Where the documents are. */
  documents: text,
  chunks: z.int().positive(),
});

/** The item that tells which configuration is the current one. */
export type ConfigPointer = z.infer<typeof pointer>;

const kindRule = z.object({ group: text, kind: text, name: text } satisfies Shape<KindRule>);

const kindRules = z.object({
  allow: z.array(kindRule).exactOptional(),
  deny: z.array(kindRule).exactOptional(),
} satisfies Shape<KindRules>);

const project = z.object({
  name: text,
  description: text.exactOptional(),
  sourceRepos: texts,
  destinations: z.array(z.object({ cluster: text, namespace: text })),
  clusterResources: kindRules.exactOptional(),
  namespaceResources: kindRules.exactOptional(),
  drift: z.object({ mode: z.enum(['correct', 'report', 'off']) }).exactOptional(),
} satisfies Shape<Project>);

const healthRule = z.object({
  group: text,
  kind: text,
  cel: text.exactOptional(),
  lua: text.exactOptional(),
} satisfies Shape<HealthRule>);

const cluster = z.object({
  name: text,
  kubeconfig: z.object({ context: text }).exactOptional(),
  eks: z
    .object({
      name: text,
      region: text,
      roleArn: text.exactOptional(),
      externalId: text.exactOptional(),
      private: z.boolean().exactOptional(),
    } satisfies Shape<NonNullable<ClusterDeclaration['eks']>>)
    .exactOptional(),
  health: z.array(healthRule).exactOptional(),
} satisfies Shape<ClusterDeclaration>);

const repository = z.object({
  name: text,
  url: text.exactOptional(),
  host: text.exactOptional(),
  credentials: z.object({ secret: text }),
} satisfies Shape<Repository>);

const documents = z.object({
  applications: z.array(z.looseObject({ name: text })),
  projects: z.array(project),
  clusters: z.array(cluster),
  repositories: z.array(repository),
});

const problem = z.object({ file: text, line: count, field: text, message: text } satisfies Shape<ConfigProblem>);

const report = z.object({
  status: z.enum(['followed', 'invalid', 'failed']),
  source,
  revision: text.exactOptional(),
  problems: z.array(problem),
  count,
  error: z
    .object({ code: text, message: text, hint: text.exactOptional() } satisfies Shape<RecordedError>)
    .exactOptional(),
  since: text,
} satisfies Shape<ConfigReport>);

/** Reads the item that names the current configuration. */
export function parsePointer(item: Readonly<Record<string, unknown>>): ConfigPointer {
  return parsed(pointer, migrated(item, [], SUBJECT), SUBJECT);
}

/** Reads the documents. */
export function parseDocuments(value: unknown): Configuration {
  const { applications, ...others } = parsed(documents, value, 'configuration: its documents');
  return { ...others, applications: applications.map((app) => parseApplication(app.name, JSON.stringify(app))) };
}

/** Reads the report of the newest look. */
export function parseReport(item: unknown): ConfigReport {
  return parsed(report, item, 'configuration: its report');
}
