// Each test file links all modules of all packages that it reaches, and zod alone has a hundred. So the packages are bundled once for all tests, with
// what they share in chunks; where they are is a jest `moduleNameMapper`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const PACKAGES = [
  '@aws-lambda-powertools/metrics',
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-eks',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sts',
  '@aws-sdk/lib-dynamodb',
  '@aws/durable-execution-sdk-js',
  '@hono/node-server',
  '@kubernetes/client-node',
  '@octokit/webhooks',
  '@smithy/signature-v4',
  'commander',
  'fast-check',
  'hono',
  'hono/body-limit',
  'js-yaml',
  'pbf',
  'picomatch',
  'undici',
  'yaml',
  'yauzl',
  'zod',
];

const ROOT = dirname(dirname(import.meta.dirname));
const REQUIRE = "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/** Bundles the packages unless that was done since they were installed; gives the `moduleNameMapper`. */
export async function bundledPackages() {
  const folder = join(ROOT, 'node_modules/.cache/driftless-test-packages', versionOfPackages());
  if (!existsSync(folder)) await bundleInto(folder);
  return Object.fromEntries(PACKAGES.map((name) => [`^${name}$`, join(folder, `${fileOf(name)}.mjs`)]));
}

function versionOfPackages() {
  const hash = createHash('sha256').update(process.version);
  for (const file of ['package-lock.json', 'test/setup/packages.mjs']) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

async function bundleInto(folder) {
  const unfinished = `${folder}.${process.pid}`;
  const entries = await Promise.all(PACKAGES.map(async (name) => [fileOf(name), await reexported(name)]));
  const sources = new Map(entries);
  await build({
    entryPoints: PACKAGES.map((name) => ({ in: `package:${fileOf(name)}`, out: fileOf(name) })),
    bundle: true,
    splitting: true,
    outdir: unfinished,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['main'],
    keepNames: true,
    minifyWhitespace: true,
    banner: { js: REQUIRE },
    logLevel: 'error',
    plugins: [entriesFrom(sources)],
  });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run was first.
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

/** A module that exports what the package does, by name: a bundle of CommonJS exports nothing but a default. */
async function reexported(name) {
  const names = Object.keys(await import(name)).filter(
    (exported) => /^\w+$/.test(exported) && exported !== 'module.exports',
  );
  return `export { ${names.join(', ')} } from '${name}';`;
}

function entriesFrom(sources) {
  return {
    name: 'packages',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^package:/ }, ({ path }) => ({ path: path.slice('package:'.length), namespace: 'package' }));
      onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: sources.get(path), resolveDir: ROOT }));
    },
  };
}

function fileOf(name) {
  return name.replaceAll('/', '-').replaceAll('@', '');
}
