// Text of other people (file names, labels, live values, refs, reasons) as it is safe to show: what a terminal, a log or a page would obey instead of
// show is written as an escape. Unicode's categories: Cc and Cf (control and format characters, such as ESC and the marks of direction), Zl, Zp, and halves
// of surrogate pairs.
const INVISIBLE = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text in which nothing is obeyed but line breaks and tabs; the others become `\x1b`, `\u202e` or `\u{e0041}`. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, escaped);
}

/** JSON text in which nothing is obeyed; it is read back as the same value. */
export function visibleJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent) ?? 'null';
  return json.replaceAll(INVISIBLE, (found) =>
    Array.from({ length: found.length }, (_, index) => hex(found.charCodeAt(index))).join(''),
  );
}

function escaped(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  if (code < 0x100) return found === '\r' ? '\\r' : `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? hex(code) : `\\u{${code.toString(16)}}`;
}

function hex(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
