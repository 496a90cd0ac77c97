// In: the definitions of the kinds. Out: the folder schemas, a JSON Schema for each kind and one for files with several kinds. Run by `npm run schemas`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonSchemaOf, jsonSchemaOfAny } from '../lib/config/json-schema.ts';
import { isKind, KINDS } from '../lib/config/kinds.ts';

const FOLDER = fileURLToPath(new URL('../schemas', import.meta.url));

/** The text of each file of the folder. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const kinds = Object.keys(KINDS).filter(isKind);
  const schemas = [
    ...kinds.map((kind) => [`${kind.toLowerCase()}.json`, jsonSchemaOf(kind)] as const),
    ['driftless.json', jsonSchemaOfAny()] as const,
  ];
  return new Map(schemas.map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]));
}

if (import.meta.main) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, text] of schemaFiles()) writeFileSync(join(FOLDER, file), text);
}
