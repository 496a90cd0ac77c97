// In: the command line's sources. Out: lib/ of its package: the file that npm links, the program, and a chunk for what each verb loads when it runs.
// May fail with the bundler's own message.
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The oldest Node.js that runs the bundle; `cli/driftless.cjs` checks it. */
export const OLDEST_NODE = '22.19';

/** The file that npm links as `driftless`, below the package. */
export const LINKED = 'lib/driftless.cjs';

/** CommonJS packages call `require` at run time, which an ES module does not have by itself. */
const REQUIRE = "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/** Writes the bundle below a package's folder. Chunks lie beside the program, so that `..` is the package for each of them. */
export async function bundleCommand(root: string, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'cli/main.ts' },
    outdir: join(folder, 'lib'),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${OLDEST_NODE}`,
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    banner: { js: REQUIRE },
    // What CommonJS packages call their own file.
    define: { __filename: 'import.meta.filename' },
    logLevel: 'warning',
  });
  // Lua is looked for beside the chunk that runs it.
  await copyFile(join(root, 'node_modules/wasmoon/dist/glue.wasm'), join(folder, 'lib/glue.wasm'));
  await linkedFile(root, folder);
}

async function linkedFile(root: string, folder: string): Promise<void> {
  const source = await readFile(join(root, 'cli/driftless.cjs'), 'utf8');
  const linked = join(folder, LINKED);
  await mkdir(join(folder, 'lib'), { recursive: true });
  await writeFile(linked, source.replace("import('./main.ts')", "import('./main.mjs')"));
  await chmod(linked, 0o755);
}
