// JSON Schemas of the configuration, for editors. In: the definitions of the kinds, and what people are told about each field. Out: a schema for each kind,
// and one for files with documents of several kinds. What a definition checks beyond fields, such as names declared in other files, no schema has.
import { z } from 'zod';
import { DESCRIPTIONS } from './descriptions.ts';
import { isKind, KINDS, type Kind } from './kinds.ts';

/** A JSON Schema, as far as it is taken apart here. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** The schema of documents of one kind. */
export function jsonSchemaOf(kind: Kind): JsonSchema {
  return { $schema: DRAFT, title: kind, ...definitionOf(kind) };
}

/** The schema of files with documents of any kind. */
export function jsonSchemaOfAny(): JsonSchema {
  const kinds = Object.keys(KINDS).filter(isKind);
  return {
    $schema: DRAFT,
    title: 'Driftless',
    description: 'A document of a configuration: an Application, a Project, a Cluster or a Repository.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: kinds } },
    allOf: kinds.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { $ref: `#/definitions/${kind}` },
    })),
    definitions: Object.fromEntries(kinds.map((kind) => [kind, definitionOf(kind)])),
  };
}

function definitionOf(kind: Kind): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(KINDS[kind], { io: 'input', target: 'draft-7' });
  return described(schema, '', DESCRIPTIONS[kind]);
}

/** The schema with a description at every field; items of a list are described by what the list is. */
function described(schema: JsonSchema, path: string, texts: Readonly<Record<string, string>>): JsonSchema {
  const description = texts[path];
  const { properties, items } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...schema,
    ...(isObject(properties) && { properties: propertiesOf(properties, path, texts) }),
    ...(isObject(items) && { items: described(items, `${path}[]`, texts) }),
  };
}

function propertiesOf(properties: JsonSchema, path: string, texts: Readonly<Record<string, string>>): JsonSchema {
  const fields = Object.entries(properties).map(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return [name, isObject(field) ? described(field, at, texts) : field] as const;
  });
  return Object.fromEntries(fields);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
