// In: a value of JSON. Out: YAML that every reader reads back as that value, of YAML 1.1 (kubectl, Ruby, Python) as of 1.2, and in which nothing is obeyed by a
// terminal: what a reader might take for something else than text is quoted, and what is invisible is an escape.
import { asDoubleQuoted, styleOf } from './yaml-style.ts';

/** The longest key without a mark of its own; YAML reads 1024 characters ahead. */
const LONGEST_KEY = 1000;

/** The value as the text of one document, without a line break at its end. */
export function yamlText(value: unknown): string {
  return Array.isArray(value) || isMapping(value) ? linesOf(value).join('\n') : scalar(value, '  ');
}

/** The lines of a list or a mapping, without indentation. */
function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((item: unknown) => entry('- ', item));
  }
  const fields = isMapping(value) ? Object.entries(value).filter(([, field]) => field !== undefined) : [];
  if (fields.length === 0) return ['{}'];
  return fields.flatMap(([name, field]) => {
    const key = keyOf(name);
    return key.length > LONGEST_KEY ? [`? ${key}`, ...entry(': ', field)] : fieldLines(key, field);
  });
}

/** An item behind its mark; what is nested begins on the same line. */
function entry(mark: string, item: unknown): readonly string[] {
  if (!isCollection(item))
    return scalar(item, '  ')
      .split('\n')
      .map((line, at) => (at === 0 ? `${mark}${line}` : line));
  return linesOf(item).map((line, at) => (at === 0 ? `${mark}${line}` : indented(line)));
}

function fieldLines(key: string, field: unknown): readonly string[] {
  if (!isCollection(field)) return `${key}: ${scalar(field, '  ')}`.split('\n');
  const lines = linesOf(field);
  const isEmpty = lines.length === 1 && /^(\[\]|\{\})$/.test(lines[0] ?? '');
  return isEmpty ? [`${key}: ${lines[0]}`] : [`${key}:`, ...lines.map(indented)];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

function keyOf(name: string): string {
  const style = styleOf(name);
  return style === 'block' ? asDoubleQuoted(name) : inStyle(style, name);
}

function scalar(value: unknown, indent: string): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'string') return String(value ?? null);
  const style = styleOf(value);
  if (style !== 'block') return inStyle(style, value);
  const hasEnd = value.endsWith('\n');
  const lines = (hasEnd ? value.slice(0, -1) : value).split('\n');
  return [hasEnd ? '|' : '|-', ...lines.map((line) => (line === '' ? '' : `${indent}${line}`))].join('\n');
}

function inStyle(style: 'plain' | 'single' | 'double', text: string): string {
  if (style === 'plain') return text;
  return style === 'single' ? `'${text}'` : asDoubleQuoted(text);
}

/** A number with an exponent has a point too, or a reader of YAML 1.1 may take it for text. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  return JSON.stringify(value).replace(/^(-?\d+)e/, '$1.0e');
}

function isCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return isCollection(value) && !Array.isArray(value);
}
