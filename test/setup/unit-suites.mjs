// Jest gives each test file a context of its own, in which it compiles itself and evaluates every module again: for unit tests, most of the time. So
// `npm run test:unit` bundles the files of a folder into a few suites, in which each file is a `describe`. `npm run jest -- PATH` runs files as they are.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(dirname(import.meta.dirname));

/** As many as leave both workers busy until the end. */
const FILES_IN_A_SUITE = 8;

/** Makes the suites; returns the folder that holds them. */
export async function makeUnitSuites() {
  const outdir = join(ROOT, 'dist/unit-tests');
  rmSync(outdir, { recursive: true, force: true });
  const suites = suitesOf(unitTestFiles());
  await build({
    entryPoints: suites.map(({ name }) => ({ in: `suite:${name}`, out: name })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    keepNames: true,
    sourcemap: 'external',
    logLevel: 'error',
    plugins: [entriesFrom(suites), ownPlace()],
  });
  return outdir;
}

function unitTestFiles() {
  const files = globSync('test/**/*.test.ts', { cwd: ROOT }).toSorted();
  return files.filter((file) => !file.startsWith('test/e2e/') && !file.endsWith('.adapter.test.ts'));
}

/** The files of each folder, in suites of a few. */
function suitesOf(files) {
  return [...Map.groupBy(files, dirname)].flatMap(([folder, all]) => {
    const count = Math.ceil(all.length / FILES_IN_A_SUITE);
    const name = folder.replace('test/', '').replaceAll('/', '-');
    return Array.from({ length: count }, (_, i) => ({
      name: count === 1 ? name : `${name}-${i + 1}`,
      files: all.filter((_file, place) => place % count === i),
    }));
  });
}

/** A `require` within a `describe` evaluates the test file there, so that its hooks are its own. */
function entriesFrom(suites) {
  const contents = new Map(
    suites.map(({ name, files }) => [
      name,
      files.map((file) => `describe('${file}', () => void require('./${file}'));`).join('\n'),
    ]),
  );
  return {
    name: 'suites',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^suite:/ }, ({ path }) => ({ path: path.slice('suite:'.length), namespace: 'suite' }));
      onLoad({ filter: /.*/, namespace: 'suite' }, ({ path }) => ({ contents: contents.get(path), resolveDir: ROOT }));
    },
  };
}

/** A module in a bundle still knows the place of its file. */
function ownPlace() {
  const placed = (path) =>
    readFileSync(path, 'utf8')
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
  return {
    name: 'place',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: placed(path), loader: 'ts' }));
    },
  };
}
