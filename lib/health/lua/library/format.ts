import type { Arguments } from './arguments.ts';

/** Wider fields than this are an error, as in Lua. */
const DIRECTIVE = /%(?<flags>[-+ #0]{0,5})(?<width>\d{0,2})(?:\.(?<precision>\d{0,2}))?(?<type>[A-Za-z%]?)/g;

type Directive = { readonly flags: string; readonly width: number; readonly precision: number | undefined };

/** `string.format`, with the directives of Lua 5.1. */
export function formatted(args: Arguments): string {
  let index = 0;
  return args.machine.text(
    args.text(0).replaceAll(DIRECTIVE, (directive, ...rest) => {
      const { flags, width, precision, type }: Readonly<Record<string, string>> = rest.at(-1);
      if (type === '%') return '%';
      index += 1;
      const write = WRITERS[type ?? ''];
      if (write === undefined) return args.machine.fail(`invalid option '${directive}' to 'format'`);
      const digits = precision === undefined ? undefined : Number(precision);
      const field = { flags: flags ?? '', width: Number(width ?? ''), precision: digits };
      return padded(write(args, index, field), field);
    }),
  );
}

type Writer = (args: Arguments, index: number, directive: Directive) => string;

const whole: Writer = (args, index, { flags, precision = 1 }) => {
  const value = args.whole(index);
  return signed(value, Math.abs(value).toFixed(0).padStart(precision, '0'), flags);
};

const fixed: Writer = (args, index, { flags, precision = 6 }) => {
  const value = args.number(index);
  return signed(value, Math.abs(value).toFixed(precision), flags);
};

const scientific: Writer = (args, index, { flags, precision = 6 }) => {
  const value = args.number(index);
  return signed(value, withExponent(Math.abs(value).toExponential(precision)), flags);
};

const shortest: Writer = (args, index, { flags, precision = 6 }) => {
  const value = args.number(index);
  const size = Math.abs(value);
  const text = size.toPrecision(Math.max(1, precision));
  const exponent = size === 0 ? 0 : Math.floor(Math.log10(size));
  const isLong = exponent < -4 || exponent >= Math.max(1, precision);
  const exact = isLong ? withExponent(Number(text).toExponential()) : `${Number(text)}`;
  return signed(value, exact, flags);
};

const inBase =
  (base: number): Writer =>
  (args, index, { precision = 1 }) =>
    Math.max(0, args.whole(index)).toString(base).padStart(precision, '0');

const WRITERS: Readonly<Record<string, Writer>> = {
  d: whole,
  i: whole,
  u: whole,
  f: fixed,
  e: scientific,
  E: (...args) => scientific(...args).toUpperCase(),
  g: shortest,
  G: (...args) => shortest(...args).toUpperCase(),
  x: inBase(16),
  X: (...args) => inBase(16)(...args).toUpperCase(),
  o: inBase(8),
  c: (args, index) => String.fromCharCode(args.whole(index) & 255),
  s: (args, index, { precision }) => args.machine.display(args.any(index)).slice(0, precision),
  q: (args, index) =>
    `"${args
      .text(index)
      .replaceAll(/["\\\n]/g, (found) => `\\${found}`)
      .replaceAll('\r', '\\r')
      .replaceAll('\0', '\\000')}"`,
};

function signed(value: number, digits: string, flags: string): string {
  if (value < 0 || Object.is(value, -0)) return `-${digits}`;
  if (flags.includes('+')) return `+${digits}`;
  return flags.includes(' ') ? ` ${digits}` : digits;
}

function withExponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

function padded(text: string, { flags, width }: Directive): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !/^[-+ ]?\d/.test(text)) return text.padStart(width);
  const sign = /^[-+ ]?/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
