// Applications as many deployments have left them: objects that were applied, inventories, renderings. Written by the same parts that deployments write with,
// without Git and one operation after another, which would take minutes.

import { mapBounded } from '../lib/async/map-bounded.ts';
import type { Application } from '../lib/model/application.ts';
import type { Manifest } from '../lib/model/change-set.ts';
import type { ServedKind } from '../lib/model/cluster-api.ts';
import { formatRef, type KubeObject } from '../lib/model/kube-object.ts';
import { specHash } from '../lib/model/stored-application.ts';
import { type Desired, prepareDesired } from '../lib/plan/desired.ts';
import { afterApply } from '../lib/plan/inventory.ts';
import type { Cluster } from '../lib/ports/cluster.ts';
import type { Blobs, StateStore } from '../lib/ports/store.ts';
import { JsonBlobs } from '../lib/runtime/json-blobs.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './live.ts';
import { mixedObject } from './objects.ts';

const KINDS = [CONFIG_MAP, SERVICE, DEPLOYMENT];
const APPLICATIONS_AT_ONCE = 8;
const OBJECTS_AT_ONCE = 4;

export type World = { readonly state: StateStore; readonly blobs: Blobs; readonly cluster: Cluster };

export type Size = { readonly objects: number; readonly applications: number; readonly namespace: string };

/** What a deployment of one application has left. */
export type Deployed = { readonly app: string; readonly desired: readonly Desired[] };

/** Deploys applications of equal size. */
export async function deployWorld(
  { objects, applications, namespace }: Size,
  world: World,
): Promise<readonly Deployed[]> {
  const each = objects / applications;
  const numbers = Array.from({ length: applications }, (_, n) => n);
  return mapBounded(numbers, APPLICATIONS_AT_ONCE, (n) =>
    deploy({ name: `${namespace}-${n}`, namespace, first: n * each, count: each }, world),
  );
}

type One = { readonly name: string; readonly namespace: string; readonly first: number; readonly count: number };

async function deploy({ name, namespace, first, count }: One, { state, blobs, cluster }: World): Promise<Deployed> {
  const app = applicationOf(name, namespace);
  const manifests = Array.from(
    { length: count },
    (_, n): Manifest => ({
      object: mixedObject(first + n, 'begin') as KubeObject,
      file: 'all.yaml',
    }),
  );
  const { desired } = prepareDesired(manifests, { app: name, namespace }, servedKind);
  const applied = await mapBounded(desired, OBJECTS_AT_ONCE, async (object) => {
    const result = await cluster.apply(object.kind, object.object, { force: true });
    if (result.status !== 'applied') throw new Error(`${formatRef(object.id)} could not be applied`);
    return { object, live: result.object };
  });
  const hash = specHash(app);
  const renderedKey = `rendered/${name}`;
  await new JsonBlobs<readonly Manifest[]>(blobs).put(renderedKey, manifests);
  await state.putApplication(app, hash);
  const { seq } = await state.request(name, { trigger: { kind: 'push' } });
  const acquired = await state.acquire(name, seq, 60);
  if (acquired.status !== 'acquired') throw new Error(`${name} has no lease`);
  await state.putInventory(acquired.lease, afterApply([], applied));
  const lastSync = { revision: 'begin', seq, specHash: hash, inputs: [], renderedKey, status: 'synced' } as const;
  const operation = await state.operation(name, seq);
  if (operation === undefined) throw new Error(`${name} has no operation`);
  const outcome = { status: 'synced', message: 'deployed for a measurement' } as const;
  const health = { status: 'Healthy', message: '', seq } as const;
  await state.conclude(acquired.lease, { operation: { ...operation, phase: 'done', outcome }, lastSync, health });
  return { app: name, desired };
}

function servedKind(_apiVersion: string, kind: string): ServedKind | undefined {
  return KINDS.find((served) => served.kind === kind);
}

function applicationOf(name: string, namespace: string): Application {
  return {
    name,
    project: 'default',
    sources: [{ repo: 'https://git.example/bench', ref: 'main', path: name }],
    destination: { cluster: 'local', namespace },
    sync: {
      mode: 'auto',
      prune: true,
      pruneProtected: [],
      maxPrunePercent: 50,
      allowEmpty: false,
      createNamespace: false,
      force: false,
      recreate: false,
      timeoutSeconds: 600,
    },
    drift: { mode: 'report' },
  };
}
