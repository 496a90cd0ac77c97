// In: the files of a chart with its dependencies. Out: nothing. What may go wrong: SourceRefused for a schema of values that leads out of its own file: Helm would
// fetch an address, also of this machine, or read a file of this machine. ManifestInvalid for a schema that is no JSON.
import { DriftlessError } from '../errors.ts';
import type { FileTree } from '../model/source-tree.ts';
import { filesBelow, joinPath } from './paths.ts';
import { unpackChart } from './reads/chart-archive.ts';
import { isMapping } from './shape.ts';

const SCHEMA = /(?:^|\/)values\.schema\.json$/;
const ARCHIVE = /\.t(?:ar\.)?gz$/;
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef', '$schema'];

/** The dialects of JSON Schema; Helm has them built in. */
const DIALECT = /^https?:\/\/json-schema\.org\//;

const MAX_UNPACKED_BYTES = 64 * 2 ** 20;
const MAX_DEPTH = 10;

/** Refuses references out of the schemas of a chart, of its dependencies, and of what those have packed. */
export function assertOwnSchemas(chart: string, files: FileTree): void {
  check(new Map([...filesBelow(files, chart)].map(([path, bytes]) => [joinPath(chart, path), bytes])), 0);
}

function check(files: FileTree, depth: number): void {
  for (const [path, bytes] of files) {
    if (SCHEMA.test(path)) checkSchema(path, bytes);
    if (!ARCHIVE.test(path) || depth >= MAX_DEPTH) continue;
    const unpacked = unpackChart(bytes, MAX_UNPACKED_BYTES)?.files ?? new Map<string, Uint8Array>();
    check(new Map([...unpacked].map(([inner, content]) => [`${path}: ${inner}`, content])), depth + 1);
  }
}

function checkSchema(path: string, bytes: Uint8Array): void {
  const root = parsed(path, bytes);
  const own = ownAddress(root);
  const queue: unknown[] = [root];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (isMapping(value)) assertWithin(path, value, own);
    queue.push(...Object.values(value));
  }
}

/** In any position: a reference may name a part of the schema that is none by itself, such as an example. */
function assertWithin(path: string, schema: Record<string, unknown>, own: string | undefined): void {
  for (const name of REFERENCES) {
    const to = schema[name];
    if (typeof to !== 'string' || to.startsWith('#') || DIALECT.test(to)) continue;
    if (own !== undefined && to.replace(/#.*$/s, '') === own) continue;
    throw new DriftlessError(
      'SourceRefused',
      `${path}: ${name} "${to.replace(/\/\/[^/@]*@/, '//')}" leads out of the file; copy what it names into $defs of the file`,
    );
  }
}

/** The address that the schema gives itself, where every dialect reads it so: older ones ignore it beside a reference. */
function ownAddress(root: unknown): string | undefined {
  if (!isMapping(root) || root['$ref'] !== undefined || /draft-0[34]/.test(String(root['$schema']))) return undefined;
  const id = root['$id'];
  return typeof id === 'string' && URL.canParse(id) ? id.replace(/#$/, '') : undefined;
}

function parsed(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new DriftlessError('ManifestInvalid', `${path}: the schema is no JSON; correct it`, { cause });
  }
}
