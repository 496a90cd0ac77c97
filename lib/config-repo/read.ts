// In: the address of the configuration. Out: the configuration of its newest commit, problems with file and line, or why it cannot be read. Never throws: a
// failure leaves the configuration that was followed before in force.
import { isConfigFile, isLeftOut } from '../config/config-files.ts';
import { parseConfig } from '../config/parse-config.ts';
import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ConfigProblem } from '../model/config-problem.ts';
import type { Configuration } from '../model/configuration.ts';
import type { ConfigSource } from '../model/configuration-record.ts';
import type { FileTree } from '../model/source-tree.ts';
import type { Git } from '../ports/git.ts';
import { assertFetched } from '../render/reads/unfetched.ts';

export type ReadResult =
  /** The commit is already known. */
  | { readonly status: 'known'; readonly revision: string }
  | { readonly status: 'valid'; readonly revision: string; readonly config: Configuration }
  | { readonly status: 'invalid'; readonly revision: string; readonly problems: readonly ConfigProblem[] }
  | { readonly status: 'failed'; readonly revision?: string; readonly error: DriftlessError };

/** Reads the configuration at the head of its branch, unless that commit is known. */
export async function readConfig(
  source: ConfigSource,
  git: Git,
  isKnown: (revision: string) => boolean,
): Promise<ReadResult> {
  let revision: string | undefined;
  try {
    revision = await git.resolve(source.repo, source.ref);
    if (isKnown(revision)) return { status: 'known', revision };
    const parsed = parseConfig(await configFiles(source, revision, git));
    if (parsed.ok) return { status: 'valid', revision, config: parsed.config };
    return { status: 'invalid', revision, problems: parsed.problems };
  } catch (thrown) {
    return { status: 'failed', ...(revision !== undefined && { revision }), error: asDriftlessError(thrown) };
  }
}

async function configFiles({ repo, path }: ConfigSource, revision: string, git: Git): Promise<Map<string, string>> {
  const snapshot = await git.open(repo, revision);
  const subject = `configuration: path "${path}" of ${repo} at ${revision}`;
  if (snapshot.oid(path) === undefined) throw new DriftlessError('PathNotFound', `${subject}: does not exist`);
  const tree = await snapshot.checkout([path]);
  // A submodule that took the place of documents must not remove their applications.
  assertFetched(
    tree,
    (file) => file.endsWith('/') || isConfigFile(file),
    'commit the files themselves, or name another folder',
  );
  const files = textsBelow(path, tree);
  if (files.size > 0) return files;
  throw new DriftlessError('PathNotFound', `${subject}: contains no .yaml, .yml or .json file; name another folder`);
}

/** The files that `driftless validate` would read of the folder, named from the repository's root. */
function textsBelow(path: string, tree: FileTree): Map<string, string> {
  const texts = new Map<string, string>();
  const decoder = new TextDecoder();
  for (const [file, bytes] of tree) {
    const below = path === '' ? file : file.slice(path.length + 1);
    if (isConfigFile(file) && !isLeftOut(below)) texts.set(file, decoder.decode(bytes));
  }
  return texts;
}
