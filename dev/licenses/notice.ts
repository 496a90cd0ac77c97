// In: what is shipped. Out: the text of NOTICE: whose work it is, under which licence, and the terms that go along with copies.
import type { Component } from './component.ts';
import { licenseOf, termsOf } from './license-text.ts';

const HEAD = `Driftless
Copyright the authors of Driftless

This product is licensed under the Apache License, Version 2.0; see LICENSE.

It includes the work of others, listed below with its licence. \`npm run licenses -- --write\` writes this file.
`;

/** Headings of the two lists; tests find the lists by them. */
export const PARTS = {
  npm: 'npm packages, in the command, the functions and their layer',
  go: 'Go modules, in the control plane of `driftless dev` and `driftless demo`',
} as const;

/** The whole of NOTICE. */
export function noticeOf({ npm, go }: Readonly<Record<keyof typeof PARTS, readonly Component[]>>): string {
  return `${[HEAD, listOf('npm', npm), listOf('go', go), quoted([...npm, ...go]), terms([...npm, ...go])].join('\n')}\n`;
}

/** One of the lists, with its heading. */
export function listOf(part: keyof typeof PARTS, components: readonly Component[]): string {
  const entries = components.map(({ name, version, license, copyrights }) =>
    [`${name} ${version}: ${license}`, ...copyrights.map((line) => `  ${line}`)].join('\n'),
  );
  return `${heading(PARTS[part])}\n\n${entries.join('\n')}\n`;
}

/** NOTICE files of others, each once. */
function quoted(components: readonly Component[]): string {
  const byText = Map.groupBy(
    components.filter(({ notice }) => notice !== ''),
    ({ notice }) => notice,
  );
  const texts = [...byText].map(
    ([notice, of]) => `NOTICE of ${of.map(({ name }) => name).join(', ')}:\n\n${indented(notice)}\n`,
  );
  return [heading('Notices of others'), '', ...texts].join('\n');
}

/** The terms of each licence, once; those of Apache-2.0 are in LICENSE. */
function terms(components: readonly Component[]): string {
  const ids = [...new Set(components.flatMap(({ license }) => license.split(' AND ')))].sort();
  const texts = ids.flatMap((id) => {
    const example = id === 'Apache-2.0' ? undefined : exampleOf(id, components);
    return example === undefined ? [] : [`${id}, as ${example.name} has it:\n\n${indented(termsOf(example.text))}\n`];
  });
  return [heading('Terms'), '', ...texts].join('\n').trimEnd();
}

/** The first text that has the terms of this licence and of no other. */
function exampleOf(id: string, components: readonly Component[]) {
  for (const { name, license, texts } of components) {
    const text = license === id ? texts[0] : texts.find((one) => licenseOf(one) === id);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

function heading(title: string): string {
  return `${title}\n${'='.repeat(title.length)}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `  ${line.trimEnd()}`))
    .join('\n');
}
