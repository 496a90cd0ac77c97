// What a tool says when it fails, made fit for a message: paths as the repository has them, no noise, nothing of what its input holds.

/** Replaces folders of this machine, first match first: `[{ path: '/tmp/x/source/', name: '' }]`. */
export type Renaming = { readonly path: string; readonly name: string };

const MAX_LINES = 5;
const MAX_CHARACTERS = 1000;

/** Texts in which the tools quote their input (Argo CD GHSA-h6h5-6fmq-rh28: error text echoes file body). */
const QUOTED_INPUT: readonly (readonly [RegExp, string])[] = [
  [/\[patch: \\*"(?:[^"\\]|\\+[^"\\]|\\+")*?\\*"\]/g, '[patch: …]'],
  [/`[^`]*`/g, '`…`'],
  [/(invalid literal source ).*?(, expected)/g, '$1…$2'],
  [/(has invalid utf8 bytes : ).*/g, '$1…'],
  [/\\*"[^"]*\\*"(: a valid environment variable name)/g, '…$1'],
];

/** The lines that tell what went wrong, on one line each, without warnings. */
export function cleanComplaint(complaint: string, renamings: readonly Renaming[]): string {
  const renamed = renamings.reduce((text, { path, name }) => text.replaceAll(path, name), complaint);
  const lines = renamed
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !/^(?:#|WARNING:|level=|time=|Use --debug|walk\.go)/.test(line));
  const text = lines
    .slice(0, MAX_LINES)
    .join('\n')
    .replace(/^error: /i, '');
  const safe = QUOTED_INPUT.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
  if (safe === '') return 'it gave no reason';
  return safe.length > MAX_CHARACTERS ? `${safe.slice(0, MAX_CHARACTERS)}…` : safe;
}
