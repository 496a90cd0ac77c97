// The bundles of the functions, made once for all tests, and again when their sources or packages change.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bundles, bundleFunctions } from '../../functions/bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INPUTS = ['functions/**/*.ts', 'lib/**/*.ts', 'package-lock.json'];
const METAFILES = 'metafiles.json';

type SharedBundles = {
  /** Holds a folder for each function, and is not to be changed. */
  readonly folder: string;
  readonly bundles: Bundles;
};

/** The bundles as `npm run bundle` makes them. */
export async function sharedBundles(): Promise<SharedBundles> {
  const folder = join(ROOT, 'node_modules/.cache/driftless-test-bundles', hashOfInputs());
  if (!existsSync(folder)) await bundleInto(folder);
  return { folder, bundles: JSON.parse(readFileSync(join(folder, METAFILES), 'utf8')) };
}

function hashOfInputs(): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of globSync(INPUTS, { cwd: ROOT }).sort()) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/** In one step, since another worker may need them too. */
async function bundleInto(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  const bundles = await bundleFunctions(unfinished);
  writeFileSync(join(unfinished, METAFILES), JSON.stringify(bundles));
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
