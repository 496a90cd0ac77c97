// JSON whose integers keep all of their digits. An integer that a double would write with other digits is a bigint, read and written as the digits that it
// has; every other number stays a number, so that nothing else changes, hashes least of all.

declare global {
  interface JSON {
    /** What JSON.stringify writes as it is. */
    rawJSON(text: string): unknown;
  }
}

// Also for those who write JSON without knowing of bigints: durable results, answers of the API, notifications.
Object.defineProperty(BigInt.prototype, 'toJSON', {
  value(this: bigint): unknown {
    return JSON.rawJSON(String(this));
  },
  writable: true,
  configurable: true,
});

/** 16 digits outside of quotes. Text that looks so only costs time: with a reviver, parsing takes several times as long. */
const MAY_BE_LARGE = /(?:^|[[:,\s])-?\d{16}/;

/** Parses JSON; integers that need it are bigints. The caller knows the type. */
export function parseJson<T = unknown>(text: string): T {
  return MAY_BE_LARGE.test(text) ? JSON.parse(text, revive) : JSON.parse(text);
}

/** An integer as a value of JSON. */
export function integerValue(integer: bigint): number | bigint {
  const number = Number(integer);
  return String(number) === String(integer) ? number : integer;
}

/** @param context tells the text of the value */
function revive(_key: string, value: unknown, { source = '' }: { readonly source?: string } = {}): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) return value;
  return integerValue(BigInt(source));
}
