import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PROJECT } from '../../paths.ts';

const DEMO = join(PROJECT, 'dev', 'demo');

/** Files that the example's repository begins with. */
export const EXAMPLE_FOLDER = join(DEMO, 'example');

/** The files that a commit of the tour changes, by path in the repository. */
export async function readEdit(
  name: 'web-v2' | 'web-crash' | 'web-invalid',
): Promise<Readonly<Record<string, string>>> {
  const folder = join(DEMO, 'edits', name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')])),
  );
}

/** The configuration of the example: three applications from one repository. What is changed by hand is put back, but for the cache. */
export function exampleConfig(repo: string): string {
  const documents = [
    { name: 'web', path: 'web' },
    { name: 'api', path: 'api/overlays/prod' },
    { name: 'cache', path: 'cache', drift: { mode: 'report' } },
  ].map(({ name, path, ...more }) => ({
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: {
      source: { repo, ref: 'main', path },
      destination: { namespace: 'shop' },
      sync: { createNamespace: true, timeout: '2m' },
      ...more,
    },
  }));
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}
