import { integerValue } from '../../model/exact-json.ts';

/** The value of a YAML scalar; a bigint is an integer that a double would write with other digits. */
export type Scalar = string | number | bigint | boolean | null;

const WORDS: ReadonlyMap<string, Scalar | undefined> = new Map([
  ...words(true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words(false, 'n N no No NO false False FALSE off Off OFF'),
  ...words(null, '~ null Null NULL'),
  ...words(undefined, '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'),
]);

const SHORT_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** What fits 64 bits, with or without a sign. */
const [MIN, MAX] = [-(2n ** 63n), 2n ** 64n - 1n];
/** More digits than the largest double has; Go reads longer numbers as text. */
const LONGEST = 400;

/**
 * Reads an unquoted scalar as kubectl does (sigs.k8s.io/yaml on go-yaml v2): YAML 1.1 booleans and octal numbers, no base 60, dates stay text.
 * Undefined where JSON cannot carry the number: NaN, the infinities.
 */
export function resolvePlain(text: string): Scalar | undefined {
  if (text === '') return null;
  if (WORDS.has(text)) return WORDS.get(text);
  return /^[-+.\d]/.test(text) ? numberOf(text) : text;
}

function numberOf(text: string): Scalar | undefined {
  if (SHORT_INTEGER.test(text)) return Number(text);
  if (text.length > LONGEST) return text;
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (INTEGER.test(plain)) {
    const integer = integerOf(plain);
    if (integer >= MIN && integer <= MAX) return integerValue(integer);
    // Beyond 64 bits, hexadecimal, binary and octal numbers are text in Go; decimal ones are floats.
    if (/^[-+]?0[xXbBoO]/.test(plain)) return text;
  }
  if (!FLOAT.test(plain)) return text;
  const float = Number(plain);
  if (!Number.isFinite(float)) return text;
  return float === 0 ? 0 : float;
}

/** An integer in Go's notation. */
function integerOf(plain: string): bigint {
  const magnitude = BigInt(plain.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o'));
  return plain.startsWith('-') ? -magnitude : magnitude;
}

function words(value: Scalar | undefined, list: string): [string, Scalar | undefined][] {
  return list.split(' ').map((word) => [word, value]);
}
