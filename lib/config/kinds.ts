import { z } from 'zod';
import { application } from './schema/application.ts';
import { cluster } from './schema/cluster.ts';
import { project } from './schema/project.ts';
import { repository } from './schema/repository.ts';

/** Every kind of document, with its definition. */
export const KINDS = { Application: application, Project: project, Cluster: cluster, Repository: repository } as const;

export type Kind = keyof typeof KINDS;

/** Whether a word names a kind. */
export function isKind(word: string): word is Kind {
  return Object.hasOwn(KINDS, word);
}

/** The part of JSON Schema that our definitions use. */
export type FieldSchema = {
  readonly type?: string;
  readonly title?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
};

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    type: z.string().exactOptional(),
    title: z.string().exactOptional(),
    enum: z.array(z.string()).exactOptional(),
    const: z.string().exactOptional(),
    default: z.unknown().exactOptional(),
    required: z.array(z.string()).exactOptional(),
    properties: z.record(z.string(), fieldSchema).exactOptional(),
    items: fieldSchema.exactOptional(),
  }),
);

/** A kind's fields as they are written, before defaults are filled in. */
export function fieldsOf(kind: Kind): FieldSchema {
  return fieldSchema.parse(z.toJSONSchema(KINDS[kind], { io: 'input' }));
}
