import { styleText } from 'node:util';
import { asDriftlessError, DriftlessError } from '../../lib/errors.ts';
import { visible, visibleJson } from '../../lib/model/visible-text.ts';
import { coloured } from './colour.ts';
import { yamlText } from './yaml-text.ts';

/** How a verb prints its result. */
export type Format = 'json' | 'yaml' | 'text';

/** Exit codes as `kubectl diff` and `argocd app diff` have them. */
export const EXIT = { ok: 0, differs: 1, error: 2, interrupted: 130 } as const;

/** Whether the statuses and signs of a text are coloured. */
type Look = { readonly colours: boolean };

/**
 * Prints a result in the requested format; the verb makes the text. This is the one exit for text of others (file names, live values, reasons): what a
 * terminal would obey is shown as an escape.
 */
export function print(format: Format, value: unknown, text: () => string, look: Look = { colours: false }): void {
  const printed = {
    json: () => visibleJson(value, 2),
    yaml: () => yamlText(value),
    text: () => (look.colours ? coloured(visible(text())) : visible(text())),
  }[format]();
  if (printed !== '') process.stdout.write(`${printed}\n`);
}

/** A note on standard error, so that programs can read the result. */
export function printNote(note: string): void {
  process.stderr.write(`note: ${indented(note)}\n`);
}

/** An error on standard error: its message and the remedy; for programs one line of JSON, which readers of YAML read alike. */
export function printError(thrown: unknown, format: Format = 'text'): void {
  const { code, message, hint }: DriftlessError = asDriftlessError(fileProblem(thrown) ?? thrown);
  if (format !== 'text') {
    process.stderr.write(`${visibleJson({ error: { code, message, hint } })}\n`);
    return;
  }
  process.stderr.write(`${styleText('red', 'error:', { stream: process.stderr })} ${indented(message)}\n`);
  if (code !== 'UsageInvalid') process.stderr.write(`hint: ${indented(hint)} (${code})\n`);
}

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read or written by this user; change its mode, or name another',
  EPERM: 'may not be read or written by this user; change its mode, or name another',
  EROFS: 'is on a file system that cannot be written to; name another',
  EEXIST: 'is a file; name a folder',
  ENOTDIR: 'leads through a file; name a folder',
  EISDIR: 'is a folder; name a file',
  ENOSPC: 'cannot be written, since the disk is full',
  ENAMETOOLONG: 'is too long a name',
};

/** What the system does not do with a file is told in our words. */
function fileProblem(thrown: unknown): DriftlessError | undefined {
  if (!(thrown instanceof Error && 'code' in thrown && 'path' in thrown && 'syscall' in thrown)) return undefined;
  const reason = FILE_REASONS[String(thrown.code)];
  if (reason === undefined) return undefined;
  return new DriftlessError('UsageInvalid', `${thrown.path}: ${reason}`, { cause: thrown });
}

/** A message whose further lines cannot be taken for lines of our own, such as a hint. */
function indented(message: string): string {
  return visible(message).replaceAll('\n', '\n  ');
}

/** Accepts a reader that ends early, such as `head`; returns a function that waits until all output has been read. */
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
