// In: an application and an opened commit. Out: the files that it is rendered from, and the exact inputs with their Git object ids. What may
// go wrong: PathNotFound, SourceRefused for what leads out of the repository, RenderFailed for what does not exist, SourceTooLarge.
import { DriftlessError } from '../../errors.ts';
import type { Application } from '../../model/application.ts';
import type { SourceInput } from '../../model/application-record.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import { type Reference, sourceReferences } from '../../render/inputs.ts';
import { isWithin } from '../../render/paths.ts';

export type FetchedSource = { readonly files: FileTree; readonly inputs: readonly SourceInput[] };

/** How often a base that was fetched may lead to another one. */
const MAX_ROUNDS = 50;
const MAX_BYTES = 64 * 1024 * 1024;

/** Fetches the application's folder, then what its files refer to, until nothing is missing. */
export async function fetchSource(app: Application, snapshot: GitSnapshot): Promise<FetchedSource> {
  const { source } = app;
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
  throw new DriftlessError('RenderLimit', `${subject}: bases lead to further bases more than ${MAX_ROUNDS} times`);
}

/** Whether a commit has the same inputs as a rendering was made from, so that the rendering would be the same. */
export function inputsUnchanged(inputs: readonly SourceInput[], snapshot: GitSnapshot): boolean {
  return inputs.length > 0 && inputs.every(({ path, oid }) => snapshot.oid(path) === oid);
}

/** Paths that are referred to and lie in nothing that was fetched. All that do not exist in the commit are reported together. */
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

/** A root below another one adds nothing. */
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
      `${subject}: ${files.size} files with ${bytes} bytes belong to the source; at most ${MAX_BYTES} bytes are read`,
    );
}
