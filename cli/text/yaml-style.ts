// In: a text. Out: how YAML can write it so that no reader takes it for anything else. The patterns are wider than any one reader's.

/** `block` is `|`: the lines as they are. */
export type YamlStyle = 'plain' | 'single' | 'double' | 'block';

/** What a terminal obeys or does not show, and what readers of YAML 1.1 take for a line break or refuse. Unicode's categories, as in visible-text.ts. */
const UNSEEN = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;
/** What has a meaning in YAML where a text begins, ends, or in its middle. */
const STRUCTURE = /^[\s,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-]\s|^(?:---|\.\.\.)|:\s|\s#|[\s:-]$|^(?:<<|=)$/;
/** Words of YAML 1.1 and 1.2, in any case. */
const WORD = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.inf|\.nan)$/i;
/** Integers of Go, YAML 1.1 and 1.2 (binary, octal, hexadecimal, thousands, base 60), read without underscores and commas. */
const INTEGER = /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[\da-f]+|\d+(?::\d+)*)$/i;
const FLOAT = /^[-+]?(?=[\d.e])(?:\d+(?::\d+)*)?(?:\.\d*)?(?:e[-+]?\d+)?$/i;
const DATE = /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/;

/** The style of a text. */
export function styleOf(text: string): YamlStyle {
  if (text.search(UNSEEN) >= 0 || !text.isWellFormed()) return 'double';
  if (text.includes('\n')) return isBlock(text) ? 'block' : 'double';
  if (text.includes('\t')) return 'double';
  if (text !== '' && !STRUCTURE.test(text) && !isOtherThanText(text)) return 'plain';
  return text.includes('"') && !text.includes("'") ? 'single' : 'double';
}

/** The text in double quotes, with escapes that all readers know. */
export function asDoubleQuoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(UNSEEN, (found) => {
    const code = found.codePointAt(0) ?? 0;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

function isOtherThanText(text: string): boolean {
  const digits = text.replaceAll(/[_,]/g, '');
  return WORD.test(text) || DATE.test(text) || INTEGER.test(digits) || FLOAT.test(digits);
}

/** Whether the lines can stand as they are: no blanks where the indentation, or an empty end, would have to be guessed. */
function isBlock(text: string): boolean {
  return !/^\s|[ \t]$|\n\n$|\n[ \t]+(?:\n|$)/.test(text);
}
