// zod's findings as problems. In: a document and what its definition found wrong. Out: one problem for each wrong field, at its line.

import type { z } from 'zod';
import type { ConfigProblem } from '../model/config-problem.ts';
import type { ConfigDocument, FieldPath } from './document.ts';
import { type FieldSchema, fieldsOf, type Kind } from './kinds.ts';
import { quote } from './schema/fields.ts';
import { suggest } from './suggest.ts';

/** Says what is wrong with the fields of a document. */
export function explain(
  document: ConfigDocument,
  kind: Kind,
  issues: readonly z.core.$ZodIssue[],
): readonly ConfigProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [problemAt(document, issue.path, issue.message)];
    const known = knownKeys(fieldsOf(kind), issue.path);
    return issue.keys.map((key) => problemAt(document, [...issue.path, key], unknownKey(key, known)));
  });
}

/** A problem with a field of a document. */
export function problemAt(document: ConfigDocument, path: FieldPath, message: string): ConfigProblem {
  return { file: document.file, line: document.lineOf(path), field: formatPath(path), message };
}

/** What is wrong and what to write, for findings that the definition has no words of its own for. */
export function describe(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  const expected = expectation(issue);
  if (input === undefined) return `is missing; write ${expected}`;
  if (input === null) return `is empty; write ${expected}, or leave the field out`;
  if (typeof input === 'object') return `is a ${Array.isArray(input) ? 'list' : 'mapping'}; write ${expected}`;
  const shown = typeof input === 'string' ? quote(input) : String(input);
  return expected === TYPES['string']
    ? `${shown} is not text; write it in quotes`
    : `${shown} is not possible; write ${expected}`;
}

const TYPES: Partial<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  boolean: 'true or false',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
};

function expectation(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_value') return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'too_small')
    return issue.origin === 'array' ? 'one with at least one entry' : `at least ${issue.minimum}`;
  return 'another value';
}

function knownKeys(schema: FieldSchema, path: FieldPath): readonly string[] {
  const target = path.reduce<FieldSchema | undefined>(
    (fields, segment) => (typeof segment === 'string' ? fields?.properties?.[segment] : fields?.items),
    schema,
  );
  return Object.keys(target?.properties ?? {});
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  return `is not a field; ${meant === undefined ? `known here are ${known.join(', ')}` : `write ${meant}`}`;
}

function formatPath(path: FieldPath): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${String(segment)}`))
    .join('')
    .replace(/^\./, '');
}
