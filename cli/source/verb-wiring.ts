// The adapters of the verbs that work alone. They are apart from the deployer's wiring, which takes half a second to load.
import { renderingPrograms } from '../../dev/rendering-programs.ts';
import { openWorkingTree } from '../../lib/git/tree/working-tree.ts';
import { createCluster } from '../../lib/kube/cluster.ts';
import type { ClusterOptions } from '../../lib/kube/http/transport.ts';
import type { Renderer } from '../../lib/ports/render.ts';
import type { Clock } from '../../lib/ports/runtime.ts';
import { createRenderer } from '../../lib/render/exec/renderer.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import type { OpenCluster } from '../dev/settings.ts';
import { type KubeconfigSource, readKubeconfig } from '../kubeconfig/kubeconfig.ts';
import { VERSION } from '../version.ts';
import type { LocalPorts } from './local-source.ts';

/** What renders a folder on disk. */
export async function localPorts(): Promise<LocalPorts> {
  return { ...(await renderingTools()), openFolder: openWorkingTree };
}

/** Kustomize and Helm, where possible those of the Lambda layer; they work in folders below `tempDir`. */
export async function renderingTools(
  tempDir?: string,
): Promise<{ readonly renderer: Renderer; readonly versions: string }> {
  const { versions, ...programs } = await renderingPrograms();
  return { renderer: createRenderer({ ...programs, ...(tempDir !== undefined && { tempDir }) }), versions };
}

type OpenOptions = Pick<ClusterOptions, 'log' | 'retryMs'> & { readonly clock?: Clock };

/** One cluster from a kubeconfig. */
export async function openCluster(source: KubeconfigSource, options: OpenOptions): Promise<OpenCluster> {
  return createCluster(await readKubeconfig(source), { clock: systemClock, version: VERSION, ...options });
}
