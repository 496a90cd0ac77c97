import { asDriftlessError } from '../errors.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Clock } from '../ports/runtime.ts';

const CACHE_MS = 10 * 60 * 1000;

/** What tells a cluster from another one under its name: the uid of the namespace `kube-system`, cached for ten minutes; undefined where it may not be read. */
export function createClusterUid(
  getNamespace: (name: string) => Promise<KubeObject | undefined>,
  clock: Pick<Clock, 'monotonic'>,
): () => Promise<string | undefined> {
  let known: { readonly uid: Promise<string | undefined>; readonly at: number } | undefined;

  async function read(): Promise<string | undefined> {
    try {
      return (await getNamespace('kube-system'))?.metadata.uid;
    } catch (thrown) {
      if (asDriftlessError(thrown).code === 'ClusterAccessDenied') return undefined;
      known = undefined;
      throw thrown;
    }
  }

  return () => {
    if (known === undefined || clock.monotonic() - known.at >= CACHE_MS) known = { uid: read(), at: clock.monotonic() };
    return known.uid;
  };
}
