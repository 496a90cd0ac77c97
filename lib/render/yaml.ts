// In: the text of a YAML or JSON file. Out: its documents as plain values, and every problem; nothing is thrown. What may go wrong: syntax
// errors, and YAML that JSON cannot represent (cycles, keys that are lists, huge integers).
import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { buildDocuments } from './yaml-build.ts';

/** A problem in a text: its line, from 1, and a message, which contains at most a key of the file, never a value. */
type YamlProblem = {
  readonly line: number;
  readonly offset: number;
  readonly message: string;
  /** Set where a tool would need gigabytes to expand the aliases. */
  readonly excessive?: true;
};

export type YamlText = {
  readonly documents: readonly { readonly value: unknown; readonly line: number; readonly offset: number }[];
  readonly problems: readonly YamlProblem[];
  /** Line of a document's mapping, or of a mapping up to two levels below it; undefined for others. */
  readonly lineOf: (mapping: object) => number | undefined;
};

const MAX_DEPTH = 200;
const TOO_LITTLE = 'deficient indentation';

/** Reads all documents of a text, except empty ones. A syntax error in one document does not hide the others. */
export function readYaml(text: string): YamlText {
  const documents: YamlText['documents'][number][] = [];
  const problems: YamlProblem[] = [];
  const lines = new Map<object, number>();
  // Characters that may be parsed again to accept lines with too little indentation.
  const budget = { remaining: 2_000_000 + 4 * text.length };
  for (const chunk of splitDocuments(text)) {
    const parsed = parseChunk(chunk.text, budget);
    if ('message' in parsed) {
      problems.push({ line: chunk.line + parsed.line, offset: chunk.offset + parsed.offset, message: parsed.message });
      continue;
    }
    const lineAt = lineCounter(parsed.text, chunk.line);
    const built = buildDocuments(parsed.text, parsed.events);
    for (const { value, offset } of built.documents)
      documents.push({ value, line: lineAt(offset), offset: chunk.offset + offset });
    for (const { offset, ...problem } of built.problems)
      problems.push({ ...problem, line: lineAt(offset), offset: chunk.offset + offset });
    for (const [mapping, offset] of built.starts) lines.set(mapping, lineAt(offset));
  }
  return { documents, problems, lineOf: (mapping) => lines.get(mapping) };
}

type Chunk = { readonly text: string; readonly offset: number; readonly line: number };

/** Cuts at lines that begin with `---`, as kubectl does; a text with directives stays whole. */
function splitDocuments(text: string): Chunk[] {
  if (/(?:^|\n)%/.test(text)) return [{ text, offset: 0, line: 1 }];
  const starts = [0, ...[...text.matchAll(/\n---(?=[ \t\r\n]|$)/g)].map(({ index }) => index + 1)];
  let line = 1;
  return starts.map((offset, index) => {
    const chunk = { text: text.slice(offset, starts[index + 1]), offset, line };
    line += countLines(chunk.text);
    return chunk;
  });
}

type Parsed = { readonly text: string; readonly events: Event[] };

/**
 * Parses one chunk. The parser insists that brackets and quoted lines are indented deeper than their parent; go-yaml does not, and many
 * manifests have a closing bracket below its key. White space has no meaning there, so such a line is indented and the chunk parsed again.
 */
function parseChunk(chunk: string, budget: { remaining: number }): Parsed | YamlProblem {
  let text = chunk;
  for (;;) {
    const parsed = tryToParse(text);
    if ('events' in parsed) return parsed;
    const { reason, mark } = parsed;
    const lineStart = mark.position - mark.column;
    budget.remaining -= text.length;
    if (reason !== TOO_LITTLE || mark.position >= text.length || budget.remaining < 0)
      return { line: mark.line, offset: mark.position, message: explain(reason, text.slice(lineStart)) };
    text = text.slice(0, lineStart) + deeperThanAll(chunk) + text.slice(lineStart);
  }
}

type SyntaxProblem = {
  readonly reason: string;
  readonly mark: { readonly position: number; readonly line: number; readonly column: number };
};

function tryToParse(text: string): Parsed | SyntaxProblem {
  try {
    return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { reason: error.reason, mark: error.mark ?? { position: 0, line: 0, column: 0 } };
  }
}

function deeperThanAll(text: string): string {
  let longest = '';
  for (const [spaces] of text.matchAll(/(?<=^|\n) +/g)) if (spaces.length > longest.length) longest = spaces;
  return `${longest} `;
}

/** The parser's reason as an instruction, without content of the file. */
function explain(reason: string, rest: string): string {
  if (reason.startsWith('null byte')) return 'contains a null byte, so it is not text; exclude binary files';
  if (/^ *\t/.test(rest)) return 'a tab is used for indentation; use spaces';
  if (reason === TOO_LITTLE) return 'a bracket or a quote is not closed, or its lines are not indented';
  if (reason.startsWith('nesting exceeded')) return `nesting is deeper than ${MAX_DEPTH} levels`;
  return reason.replace(/ "[^"]*"|(?<=characters): .*/g, '');
}

function lineCounter(text: string, firstLine: number): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks.push(at);
  return (offset) => {
    let [low, high] = [0, breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((breaks[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return firstLine + low;
  };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
