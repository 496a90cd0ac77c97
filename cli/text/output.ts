import { stringify } from 'yaml';
import { asDriftlessError, type DriftlessError } from '../../lib/errors.ts';

/** How a verb prints its result. */
export type Format = 'json' | 'yaml' | 'text';

/** Exit codes as `kubectl diff` and `argocd app diff` have them. */
export const EXIT = { ok: 0, differs: 1, error: 2, interrupted: 130 } as const;

/** A result in the format that was asked for; text is made by the verb itself. */
export function print(format: Format, value: unknown, text: () => string): void {
  const printed = {
    json: () => JSON.stringify(value, null, 2),
    yaml: () => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
    text,
  }[format]();
  if (printed !== '') process.stdout.write(`${printed}\n`);
}

/** A remark for people, on stderr, so that what reads the result is not disturbed. */
export function printNote(note: string): void {
  process.stderr.write(`note: ${note}\n`);
}

/** An error for people, on stderr: what is wrong, and what to do. */
export function printError(thrown: unknown): void {
  const { code, message, hint }: DriftlessError = asDriftlessError(thrown);
  process.stderr.write(`error: ${message}\n`);
  if (code !== 'UsageInvalid') process.stderr.write(`hint: ${hint} (${code})\n`);
}

/** Makes a reader that goes away early, such as `head`, no error; gives what waits until all that was printed has been read. */
export function settleOutput(): () => Promise<void> {
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return async () => {
    await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
  };
}
