// YAML text to located documents. In: one file's text. Out: its documents, each of which can tell the line of a field. May go wrong: YAML
// errors, each a problem with its line; a document with one is left out.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { ConfigProblem } from '../model/config-problem.ts';

/** Steps from a document's root to a field. */
export type FieldPath = readonly PropertyKey[];

/** One YAML document: plain JSON values, and where they stand. */
export type ConfigDocument = {
  readonly file: string;
  readonly value: unknown;
  /** The line of the field, or of the nearest field above it that is there. */
  lineOf(path: FieldPath): number;
};

type ReadFile = { readonly documents: readonly ConfigDocument[]; readonly problems: readonly ConfigProblem[] };

const MAX_FILE_CHARACTERS = 1024 * 1024;
/** One mistake makes the parser stumble again and again; the first errors tell what is wrong. */
const MAX_ERRORS_PER_DOCUMENT = 3;
const MAX_ALIASES = 50;

/** Reads all documents of a file. */
export function readDocuments(file: string, text: string): ReadFile {
  if (text.length > MAX_FILE_CHARACTERS) {
    return { documents: [], problems: [{ file, line: 1, field: '', message: 'is larger than 1 MB; split the file' }] };
  }
  const lineCounter = new LineCounter();
  const parsed = parseAll(text, lineCounter);
  if (parsed === undefined) {
    const message = 'the values are nested too deeply; make them flatter';
    return { documents: [], problems: [{ file, line: 1, field: '', message }] };
  }
  const read = parsed.map((document) => readDocument(file, document, lineCounter));
  return { documents: read.flatMap(({ documents }) => documents), problems: read.flatMap(({ problems }) => problems) };
}

/** The parser works its way down by recursion, so thousands of levels overflow its stack: undefined. */
function parseAll(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | undefined {
  try {
    return [...parseAllDocuments(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: 'silent' })];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The text of a field; undefined where it is missing or no text. */
export function textAt(document: ConfigDocument, path: FieldPath): string | undefined {
  const found = valueAt(document, path);
  return typeof found === 'string' ? found : undefined;
}

/** Whether a field is `true`. */
export function flagAt(document: ConfigDocument, path: FieldPath): boolean {
  return valueAt(document, path) === true;
}

export function valueAt({ value }: ConfigDocument, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (inner, segment) => (isObject(inner) && Object.hasOwn(inner, segment) ? Reflect.get(inner, segment) : undefined),
    value,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function readDocument(file: string, document: Document.Parsed, lines: LineCounter): ReadFile {
  const lineAt = (offset: number) => Math.max(lines.linePos(offset).line, 1);
  const wrong = [...document.errors, ...document.warnings].slice(0, MAX_ERRORS_PER_DOCUMENT);
  if (wrong.length > 0) {
    const problems = wrong.map((error) => ({ file, line: lineAt(error.pos[0]), field: '', message: describe(error) }));
    return { documents: [], problems };
  }
  const lineOf = (path: FieldPath) => lineAt(offsetOf(document, path));
  try {
    // Once through JSON, so that no value is shared and none contains itself.
    const value: unknown = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES })));
    return { documents: value === null ? [] : [{ file, value, lineOf }], problems: [] };
  } catch {
    const message = 'uses an alias that is unknown, contains itself or is repeated too often; write the value out';
    return { documents: [], problems: [{ file, line: lineOf([]), field: '', message }] };
  }
}

function offsetOf(document: Document.Parsed, path: FieldPath): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const segment of path) {
    const child = childOf(isAlias(node) ? (node.resolve(document) ?? null) : node, segment);
    if (child === undefined) return offset;
    node = child.node;
    offset = child.offset ?? offset;
  }
  return offset;
}

function childOf(
  node: Node | null,
  segment: PropertyKey,
): { readonly node: Node | null; readonly offset: number | undefined } | undefined {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
    return pair && { node: pair.value, offset: pair.key.range?.[0] };
  }
  if (!isSeq<Node>(node) || typeof segment !== 'number') return undefined;
  const item = node.items[segment];
  return item && { node: item, offset: item.range?.[0] };
}

const EXPLANATIONS: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is used as indentation; write spaces',
  DUPLICATE_KEY: 'the same field is written twice; remove one',
  NON_STRING_KEY: 'a key is not text; put it in quotes',
  TAG_RESOLVE_FAILED: 'a tag is not understood; write the value without it',
  RESOURCE_EXHAUSTION: 'the values are nested too deeply; make them flatter',
};

function describe({ code, message }: YAMLError): string {
  return EXPLANATIONS[code] ?? `is no YAML: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
}
