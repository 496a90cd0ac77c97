// In: an application and an opened commit. Out: the files that it is rendered from, and the exact inputs with their Git object ids. Throws PathNotFound,
// SourceRefused for a reference out of the repository, RenderFailed for a path that does not exist, SourceTooLarge, RenderLimit.
import { DriftlessError } from '../../errors.ts';
import { type Application, primarySource } from '../../model/application.ts';
import type { SourceInput } from '../../model/application-record.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import { type Reference, sourceReferences } from '../../render/inputs.ts';
import { isWithin } from '../../render/paths.ts';

export type FetchedSource = { readonly files: FileTree; readonly inputs: readonly SourceInput[] };

/** How many bases deep references may go. */
const MAX_ROUNDS = 50;
const MAX_BYTES = 64 * 1024 * 1024;

/** Fetches the application's folder, then the paths that its files refer to, until none is missing. */
export async function fetchSource(app: Application, snapshot: GitSnapshot): Promise<FetchedSource> {
  const source = primarySource(app);
  const subject = `Application/${app.name}`;
  if (snapshot.oid(source.path) === undefined)
    throw new DriftlessError(
      'PathNotFound',
      `${subject}: path "${source.path}" does not exist in ${source.repo} at ${snapshot.revision}`,
    );
  let roots: readonly string[] = [source.path];
  let files: FileTree = await snapshot.checkout(roots);
  if (files.has(source.path))
    throw new DriftlessError('PathNotFound', `${subject}: path "${source.path}" is a file; name its folder`);

  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    assertSize(subject, files);
    const missing = missingPaths(sourceReferences(source, files), roots, snapshot);
    if (missing.length === 0) return { files, inputs: inputsOf(roots, snapshot) };
    roots = [...roots, ...missing];
    files = new Map([...files, ...(await snapshot.checkout(missing))]);
  }
  throw new DriftlessError(
    'RenderLimit',
    `${subject}: bases refer to further bases more than ${MAX_ROUNDS} levels deep`,
  );
}

/** Whether a commit has the inputs of a rendering unchanged, so that its own rendering would be the same. */
export function inputsUnchanged(inputs: readonly SourceInput[], snapshot: GitSnapshot): boolean {
  return inputs.length > 0 && inputs.every(({ path, oid }) => snapshot.oid(path) === oid);
}

/** The paths that are referred to and not fetched yet. Paths that do not exist in the commit are reported together. */
function missingPaths(
  references: readonly Reference[],
  roots: readonly string[],
  snapshot: GitSnapshot,
): readonly string[] {
  const missing = references.filter(({ path }) => !roots.some((root) => isWithin(path, root)));
  const absent = missing.filter(({ path }) => snapshot.oid(path) === undefined);
  if (absent.length > 0)
    throw new DriftlessError(
      'RenderFailed',
      absent.map(({ origin, entry }) => `${origin}: "${entry}" does not exist in the repository`).join('\n'),
    );
  return [...new Set(missing.map(({ path }) => path))];
}

/** A root within another one is no input of its own. */
function inputsOf(roots: readonly string[], snapshot: GitSnapshot): readonly SourceInput[] {
  return roots
    .filter((root) => !roots.some((other) => other !== root && isWithin(root, other)))
    .map((path) => ({ path, oid: snapshot.oid(path) ?? '' }));
}

function assertSize(subject: string, files: FileTree): void {
  let bytes = 0;
  for (const content of files.values()) bytes += content.length;
  if (bytes > MAX_BYTES)
    throw new DriftlessError(
      'SourceTooLarge',
      `${subject}: the source has ${files.size} files with ${bytes} bytes; the limit is ${MAX_BYTES} bytes`,
    );
}
