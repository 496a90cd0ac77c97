// In: the files that a rendering tool is about to read. Out: nothing. What may go wrong: RenderLimit, naming file and line, where aliases expand to more than
// any manifest needs: a few hundred bytes can expand to gigabytes, which the tools would build in memory before they fail.
import { DriftlessError } from '../errors.ts';
import type { FileTree } from '../model/source-tree.ts';
import { readYaml } from './yaml.ts';

const YAML_FILE = /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/;
const ANCHOR = 0x26;
const ALIAS = 0x2a;

/** Refuses files whose aliases expand to too much; `referenced` files count as YAML whatever their names. */
export function assertFewAliases(files: FileTree, referenced: readonly string[]): void {
  const named = new Set(referenced);
  for (const [path, bytes] of files) {
    if (!YAML_FILE.test(path) && !named.has(path)) continue;
    if (!bytes.includes(ANCHOR) || !bytes.includes(ALIAS)) continue;
    const problem = readYaml(new TextDecoder().decode(bytes)).problems.find(({ excessive }) => excessive);
    if (problem !== undefined) throw new DriftlessError('RenderLimit', `${path}:${problem.line}: ${problem.message}`);
  }
}
