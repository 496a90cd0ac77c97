// In: the handlers. Out: dist/functions/<name>/index.mjs, the code for Lambda, with its source map. Run by `npm run bundle`, and before the stack is
// synthesized. May fail with the bundler's own errors.
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { FUNCTIONS, type FunctionName } from '../lib/config/env-names.ts';
import { leanPackages } from './bundle/lean-packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS packages require Node's own modules at run time, which an ES module cannot do without this function. */
const REQUIRE = "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/** A package that reads its WebAssembly from the folder of its own file. */
const LUA = 'node_modules/wasmoon/dist';

/** The bundler's metadata of each function. */
export type Bundles = Readonly<Record<FunctionName, Metafile>>;

/** Bundles every function into a folder; everything else in it is removed. */
export async function bundleFunctions(folder: string = join(ROOT, 'dist', 'functions')): Promise<Bundles> {
  await rm(folder, { recursive: true, force: true });
  const bundled = FUNCTIONS.map(async (name) => [name, await bundle(name, folder)] as const);
  return Object.fromEntries(await Promise.all(bundled)) as Bundles;
}

async function bundle(name: FunctionName, folder: string): Promise<Metafile> {
  const options = optionsOf(name, folder);
  const { metafile } = await build({ ...options, write: false });
  const requires = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ kind }) => kind === 'require-call'),
  );
  const { metafile: written } = await build(requires ? { ...options, banner: { js: REQUIRE } } : options);
  if (Object.keys(written.inputs).includes(`${LUA}/index.js`)) {
    await copyFile(join(ROOT, LUA, 'glue.wasm'), join(folder, name, 'glue.wasm'));
  }
  return written;
}

function optionsOf(name: FunctionName, folder: string) {
  return {
    absWorkingDir: ROOT,
    entryPoints: [`functions/${name}.ts`],
    outdir: join(folder, name),
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    // What is imported where it is needed is a file of its own, so that a start does not read it.
    splitting: true,
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
    // The first makes undici omit the second of its two parsers, the second is what CommonJS packages call their own file.
    define: { esbuildDetection: 'true', __filename: 'import.meta.filename' },
    // Names of omitted parts are still imported where they are never used.
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
