// What a tool says when it fails, made fit for a message: paths as the repository has them, no noise, nothing of what its input holds.

/** Replaces folders of this machine and texts that are not told, first match first: `[{ path: '/tmp/x/source/', name: '' }]`. */
export type Renaming = { readonly path: string; readonly name: string };

const MAX_LINES = 5;
const MAX_CHARACTERS = 1000;
/** Warnings of kustomize, log lines and advice of Helm. */
const NOISE = /^(?:#|WARNING:|level=|time=|Use --debug)/;

/**
 * Texts in which the tools quote their input (Argo CD GHSA-h6h5-6fmq-rh28: error text echoes file body). A quotation without an end goes to the
 * end of the text, so that nothing of it is told and nothing is read twice.
 */
const QUOTED_INPUT: readonly (readonly [RegExp, string])[] = [
  [/\[patch: \\*"(?:[^"\\]|\\+[^"\\]|\\+")*?(?:\\*"\]|\\*$)/g, '[patch: …]'],
  [/`[^`]*(?:`|$)/g, '`…`'],
  [/(literal sources \[)[\s\S]*?(?:(\]: invalid literal source )[\s\S]*?(, expected|$)|$)/g, '$1…$2…$3'],
  [/(has invalid utf8 bytes : ).*/g, '$1…'],
];

/** The lines that tell what went wrong, without warnings. */
export function cleanComplaint(complaint: string, renamings: readonly Renaming[]): string {
  const renamed = renamings.reduce((text, { path, name }) => text.replaceAll(path, name), complaint);
  const safe = QUOTED_INPUT.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), renamed);
  const lines = safe
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !NOISE.test(line));
  const text = lines
    .slice(0, MAX_LINES)
    .join('\n')
    .replace(/^error: /i, '');
  if (text === '') return 'the tool gave no reason';
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
