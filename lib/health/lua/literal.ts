/** Characters that stand for themselves between quotation marks. */
const ESCAPED = /[^ !#-[\]-~]/gu;

/** Plain data as an expression of Lua; null and undefined are nil. */
export function luaLiteral(value: unknown): string {
  if (typeof value === 'string') return `"${value.replaceAll(ESCAPED, escaped)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'nil';
  if (Array.isArray(value)) return `{${Array.from(value, luaLiteral).join()}}`;
  const fields = Object.entries(value).map(([name, field]) => `[${luaLiteral(name)}]=${luaLiteral(field)}`);
  return `{${fields.join()}}`;
}

/** Lua counts bytes. */
function escaped(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('');
}
