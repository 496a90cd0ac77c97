// In: the key `driftless` of cdk.json's context. Out: settings of the deployment, with every default filled in. May go wrong: ContextError, with every
// problem and its remedy.
import type { z } from 'zod';
import { contextSchema, type Settings } from './context.ts';
import { clashes } from './context-rules.ts';

/** Everything that is wrong with cdk.json's context. */
export class ContextError extends Error {
  override readonly name = 'ContextError';
}

/** Reads the context; a text is JSON, as in `-c driftless='{…}'`. */
export function readContext(context: unknown): Settings {
  const { data, error } = contextSchema.safeParse(typeof context === 'string' ? parse(context) : (context ?? {}));
  const problems = error === undefined ? clashes(data) : error.issues.flatMap(explain);
  if (error === undefined && problems.length === 0) return data;
  throw new ContextError(['cdk.json: context:', ...problems].join('\n  '));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContextError('cdk.json: context:\n  driftless: is not JSON', { cause });
  }
}

function explain(issue: z.core.$ZodIssue): readonly string[] {
  const at = (path: readonly PropertyKey[]) =>
    `driftless${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${at([...issue.path, key])}: is not known; remove it`);
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [`${at(issue.path)}: ${missing ? 'is missing; write it' : issue.message}`];
}
