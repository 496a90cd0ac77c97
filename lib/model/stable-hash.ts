import { createHash } from 'node:crypto';

/** A hash of any JSON value that does not depend on the order of fields: 32 hexadecimal digits. */
export function stableHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, inKeyOrder)).digest('hex').slice(0, 32);
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
