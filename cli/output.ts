import { stringify } from 'yaml';
import { asDriftlessError, type DriftlessError } from '../lib/errors.ts';

/** How a verb prints its result. */
export type Format = 'json' | 'yaml' | 'text';

/** Exit codes as `kubectl diff` and `argocd app diff` have them. */
export const EXIT = { ok: 0, differs: 1, error: 2 } as const;

/** A result in the format that was asked for; text is made by the verb itself. */
export function print(format: Format, value: unknown, text: () => string): void {
  const printed = {
    json: () => JSON.stringify(value, null, 2),
    yaml: () => stringify(value, { lineWidth: 0 }).trimEnd(),
    text,
  }[format]();
  process.stdout.write(`${printed}\n`);
}

/** An error for people, on stderr: what is wrong, and what to do. */
export function printError(thrown: unknown): void {
  const { code, message, hint }: DriftlessError = asDriftlessError(thrown);
  process.stderr.write(`error: ${message}\n`);
  if (code !== 'UsageInvalid') process.stderr.write(`hint: ${hint} (${code})\n`);
}
