// Makes the error output of a tool safe for a message: paths as in the repository, no noise, no content of its input.

/** Replaces folders of this machine and secret texts, in order: `[{ path: '/tmp/x/source/', name: '' }]`. */
export type Replacement = { readonly path: string; readonly name: string };

const MAX_LINES = 5;
const MAX_CHARACTERS = 1000;
/** Warnings of kustomize, log lines and advice of Helm. */
const NOISE = /^(?:#|WARNING:|level=|time=|Use --debug)/;

/**
 * Texts in which the tools quote their input (Argo CD GHSA-h6h5-6fmq-rh28: error text echoes file body). A quotation without an end extends to
 * the end of the text, so that nothing of it is shown and nothing is read twice.
 */
const QUOTED_INPUT: readonly (readonly [RegExp, string])[] = [
  [/\[patch: \\*"(?:[^"\\]|\\+[^"\\]|\\+")*?(?:\\*"\]|\\*$)/g, '[patch: …]'],
  [/`[^`]*(?:`|$)/g, '`…`'],
  [/(literal sources \[)[\s\S]*?(?:(\]: invalid literal source )[\s\S]*?(, expected|$)|$)/g, '$1…$2…$3'],
  [/(has invalid utf8 bytes : ).*/g, '$1…'],
];

/** The lines that describe the error, without warnings. */
export function safeErrorOutput(output: string, replacements: readonly Replacement[]): string {
  const renamed = replacements.reduce((text, { path, name }) => text.replaceAll(path, name), output);
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
