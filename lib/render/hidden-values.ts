// In: the files of a chart and the options of its source. Out: values that no message may quote: Helm quotes them where a function cannot read
// one, a schema does not allow one, or a template fails with one (Argo CD GHSA-h6h5-6fmq-rh28).
import type { HelmOptions } from '../model/application.ts';
import type { FileTree } from '../model/source-tree.ts';
import { filesBelow } from './paths.ts';
import { readYaml } from './yaml.ts';

/** Shorter texts appear in messages by chance, and are not secrets. */
const SHORTEST = 8;
/** The longest texts up to this number, since each of them is searched in Helm's output. */
const MOST = 10_000;

/** Every long text among the values of a chart and its dependencies, the longest first; names of files are not hidden. */
export function hiddenValues(chart: string, files: FileTree, { valueFiles, values }: HelmOptions): readonly string[] {
  const named = valueFiles.flatMap((file) => files.get(file.replace(/^\//, '')) ?? []);
  const own = [...filesBelow(files, chart)].flatMap(([path, bytes]) =>
    /(^|\/)values\.ya?ml$/.test(path) ? [bytes] : [],
  );
  const documents = [...own, ...named].flatMap((bytes) => readYaml(new TextDecoder().decode(bytes)).documents);
  const texts = [...documents.map(({ value }) => value), values].flatMap(textsWithin).flatMap(asQuoted);
  const names = new Set([...files.keys()].flatMap((path) => path.split('/')));
  const hidden = texts.filter((text) => text.length >= SHORTEST && !names.has(text) && !names.has(`${text}.yaml`));
  return [...new Set(hidden)].sort((a, b) => b.length - a.length).slice(0, MOST);
}

/** All texts in a value, except keys. Aliases make one value appear many times; each is visited once. */
function textsWithin(root: unknown): readonly string[] {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const queue: unknown[] = [root];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (typeof value === 'string') texts.push(value);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const inner of Object.values(value)) if (inner !== undefined) queue.push(inner);
  }
  return texts;
}

/** A text, its quoted form, and each of its lines. */
function asQuoted(text: string): readonly string[] {
  const whole = text.trim();
  return [whole, JSON.stringify(whole).slice(1, -1), ...whole.split('\n').map((line) => line.trim())];
}
