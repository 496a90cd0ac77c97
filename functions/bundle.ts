// In: the handlers. Out: dist/functions/<name>/index.mjs, what is put on Lambda, with its source map. Run by `npm run bundle`, and by the stack before it is
// synthesized. May fail with the bundler's own words.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../lib/config/env-names.ts';
import { leanPackages } from './bundle/lean-packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packages of the older kind ask for Node's own modules at run time, which an ES module cannot unless it is given the means. */
const REQUIRE = "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/** What the bundler tells of each function. */
export type Bundles = Readonly<Record<FunctionName, Metafile>>;

/** Bundles every function into a folder, which holds nothing else afterwards. */
export async function bundleFunctions(folder: string = join(ROOT, 'dist', 'functions')): Promise<Bundles> {
  await rm(folder, { recursive: true, force: true });
  const bundled = FUNCTIONS.map(async (name) => [name, await bundle(name, folder)] as const);
  return Object.fromEntries(await Promise.all(bundled)) as Bundles;
}

async function bundle(name: FunctionName, folder: string): Promise<Metafile> {
  const options = optionsOf(name, folder);
  const { metafile } = await build({ ...options, write: false });
  const asks = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ kind }) => kind === 'require-call'),
  );
  const { metafile: written } = await build(asks ? { ...options, banner: { js: REQUIRE } } : options);
  return written;
}

function optionsOf(name: FunctionName, folder: string) {
  return {
    absWorkingDir: ROOT,
    entryPoints: [`functions/${name}.ts`],
    outfile: join(folder, name, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    // With it undici leaves out the second of its two parsers.
    define: { esbuildDetection: 'true' },
    // Of what is left out, names are still asked for where they are never used.
    logOverride: { 'import-is-undefined': 'silent' },
    logLevel: 'warning',
    plugins: [leanPackages],
  } as const satisfies BuildOptions;
}

if (import.meta.main) {
  for (const [name, { outputs }] of Object.entries(await bundleFunctions())) {
    const { bytes = 0 } = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined) ?? {};
    process.stdout.write(`${name.padEnd(8)} ${(bytes / 1000).toFixed(0).padStart(5)} kB\n`);
  }
}
