// An application `shop` that is deployed in the cluster `a` and moved to others.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { type Rig, withRig } from './rig.ts';

const rigs = withRig();

type Clusters = { readonly a: FakeCluster; readonly b: FakeCluster };

/** Deployed in `a` with these objects, and able to reach `b` too. */
export async function deployed(...objects: readonly KubeObject[]): Promise<{ readonly rig: Rig } & Clusters> {
  const rig = await rigs.open();
  const clusters = { a: rig.cluster.identify('a'), b: new FakeCluster('store').identify('b') };
  rig.named = (name) => (name === 'b' ? clusters.b : clusters.a);
  await move(rig, 'a');
  await rig.deploy(...objects);
  return { rig, ...clusters };
}

type Settings = Parameters<Rig['configure']>;

export async function move(rig: Rig, cluster: string, [sync, more]: Settings = []): Promise<void> {
  await rig.configure(sync, { destination: { cluster, namespace: 'store' }, ...more });
}

export async function sync(rig: Rig): Promise<string> {
  const outcome = await rig.run(await rig.ask('config'));
  return `${outcome?.status}: ${outcome?.message}`;
}

/** What the deployer has in a cluster. */
export function ours(cluster: FakeCluster): readonly string[] {
  return Object.keys(cluster.contents()).filter((ref) => !ref.startsWith('Namespace/'));
}

export async function left(rig: Rig) {
  const { moved } = await getApplication('shop', rig);
  return moved?.map(({ cluster, objects }) => [cluster, ...(objects ?? [])]);
}

export async function waiting(rig: Rig): Promise<readonly string[]> {
  return ((await rig.state.application('shop'))?.waiting ?? []).map(({ gate }) => gate);
}

export const X = 'ConfigMap/store/x';
export const W = 'Widget/store/w';
