/** The value of a YAML scalar. */
export type Scalar = string | number | boolean | null;

const WORDS: ReadonlyMap<string, Scalar | undefined> = new Map([
  ...words(true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words(false, 'n N no No NO false False FALSE off Off OFF'),
  ...words(null, '~ null Null NULL'),
  ...words(undefined, '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'),
]);

const SHORT_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** More digits than the largest double has; Go reads longer numbers as text. */
const LONGEST = 400;

/**
 * Reads an unquoted scalar as kubectl does (sigs.k8s.io/yaml on go-yaml v2): YAML 1.1 booleans and octal numbers, no base 60, dates stay text.
 * Undefined where JSON cannot carry the number exactly: NaN, the infinities, integers that would lose digits.
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
  if (INTEGER.test(plain)) return integerOf(plain) ?? (isBeyondGo(plain) ? text : undefined);
  if (!FLOAT.test(plain)) return text;
  const float = Number(plain);
  if (!Number.isFinite(float)) return text;
  return float === 0 ? 0 : float;
}

/** An integer in Go's notation; undefined where JSON would show other digits. */
function integerOf(plain: string): number | undefined {
  const magnitude = magnitudeOf(plain);
  const value = Number(plain.startsWith('-') ? -magnitude : magnitude);
  return String(Math.abs(value)) === String(magnitude) ? value : undefined;
}

/** Hexadecimal, binary and octal numbers that do not fit 64 bits are text in Go; decimal ones are floats. */
function isBeyondGo(plain: string): boolean {
  return /^[-+]?0[xXbBoO]/.test(plain) && magnitudeOf(plain) >= 2n ** 64n;
}

function magnitudeOf(plain: string): bigint {
  return BigInt(plain.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o'));
}

function words(value: Scalar | undefined, list: string): [string, Scalar | undefined][] {
  return list.split(' ').map((word) => [word, value]);
}
