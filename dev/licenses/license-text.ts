// What a licence file says. In: its text. Out: SPDX identifiers, copyright lines, the terms without them. A text that is not known has no identifier.

/** Licences that may be shipped under Apache-2.0 without asking; all of them let the source stay as it is. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  // Weak copyleft by file: the files are shipped unchanged.
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

/** The sentence by which each licence is known, in the order of the identifiers. */
const SENTENCES: readonly (readonly [id: string, sentence: RegExp, without?: RegExp])[] = [
  ['Apache-2.0', /Apache License,? Version 2\.0/i],
  [
    'BSD-2-Clause',
    /Redistribution and use in source and binary forms/i,
    /Neither the name|used to endorse or promote/i,
  ],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms.*(Neither the name|used to endorse or promote)/i],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software.*provided that the above copyright/i],
  ['MIT', /Permission is hereby granted, free of charge.*The above copyright notice and this permission notice/i],
  ['MPL-2.0', /Mozilla Public License,? (Version|v\.?) ?2\.0/i],
  ['Unlicense', /This is free and unencumbered software released into the public domain/i],
];

/** Whether an expression such as `(MIT OR GPL-2.0-only) AND ISC` can be met with allowed licences alone. */
export function isAllowed(expression: string): boolean {
  const parts = expression.replaceAll(/[()]/g, '').split(' AND ');
  return parts.every((part) => part.split(' OR ').some((id) => ALLOWED.has(id.trim())));
}

/** The licences whose terms a text has, joined by AND; `unknown` where it has those of none. */
export function licenseOf(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  const found = SENTENCES.filter(([, sentence, without]) => sentence.test(flat) && !without?.test(flat));
  return found.length === 0 ? 'unknown' : found.map(([id]) => id).join(' AND ');
}

const COPYRIGHT = /^[\s/*#>-]*((?:Copyright|COPYRIGHT)\s+(?:\([cC]\)|©|\d{4}|[A-Z])[^\n]*)$/gm;
/** Sentences of the terms themselves, and places to fill in, that begin with the same word. */
const NO_COPYRIGHT =
  /copyright (holder|owner|notice|licen[sc]e|and related|law|interest|disclaimer)|[[{]yyyy[\]}]|<year>/i;

/** The lines that say whose work it is. */
export function copyrightsOf(text: string): readonly string[] {
  const lines = [...text.matchAll(COPYRIGHT)].map(([, line = '']) => line.trim().replaceAll(/\s+/g, ' '));
  return [...new Set(lines.filter((line) => !NO_COPYRIGHT.test(line)))];
}

/** The terms that have to go along with copies, without the lines that differ from work to work. */
export function termsOf(text: string): string {
  const own = new Set(copyrightsOf(text));
  const lines = text.replaceAll('\r', '').split('\n');
  return lines
    .filter((line) => !own.has(copyrightsOf(line)[0] ?? ''))
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
