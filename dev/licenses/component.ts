import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyrightsOf, licenseOf } from './license-text.ts';

/** A package or module that is shipped, with what has to be told about it. */
export type Component = {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or `unknown`. */
  readonly license: string;
  readonly copyrights: readonly string[];
  /** What its own NOTICE says, which Apache-2.0 wants repeated. */
  readonly notice: string;
  /** Its licence files. */
  readonly texts: readonly string[];
};

/** Reads a component's licence files from its folder; `declared` is the licence that its registry knows. */
export function componentIn(
  folder: string,
  { name, version, declared }: { readonly name: string; readonly version: string; readonly declared?: string },
): Component {
  const texts = read(folder, /^(licen[cs]e|copying)(?!\.docs)/i);
  const text = texts.join('\n');
  const notice = read(folder, /^notice(\.txt|\.md)?$/i).join('\n\n');
  return { name, version, license: declared ?? licenseOf(text), copyrights: copyrightsOf(text), notice, texts };
}

function read(folder: string, names: RegExp): readonly string[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && names.test(entry.name),
  );
  const sorted = files.map(({ name }) => name).sort();
  return sorted.map((name) => readFileSync(join(folder, name), 'utf8').trim());
}
