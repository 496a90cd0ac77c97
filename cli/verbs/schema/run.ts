import { jsonSchemaOf, jsonSchemaOfAny } from '../../../lib/config/json-schema.ts';
import { isKind, KINDS } from '../../../lib/config/kinds.ts';
import { suggest } from '../../../lib/config/suggest.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { EXIT, print } from '../../text/output.ts';

/** Stands for a file with documents of any kind. */
const ALL = 'all';

/** `schema [KIND]`: prints the JSON Schema of a kind; without one, the names that it takes. */
export function schema(kind?: string): number {
  const names = [...Object.keys(KINDS), ALL];
  if (kind === undefined) {
    process.stdout.write(`${names.join('\n')}\n`);
    return EXIT.ok;
  }
  const name = names.find((candidate) => candidate.toLowerCase() === kind.toLowerCase());
  if (name === undefined) throw new DriftlessError('UsageInvalid', unknownKind(kind, names));
  print('json', isKind(name) ? jsonSchemaOf(name) : jsonSchemaOfAny(), () => '');
  return EXIT.ok;
}

function unknownKind(kind: string, names: readonly string[]): string {
  const meant = suggest(kind, names);
  const others = names.filter((name) => name !== meant).join(', ');
  return `schema: ${JSON.stringify(kind)} is not a kind; write ${meant === undefined ? '' : `${meant}, or `}one of ${others}`;
}
