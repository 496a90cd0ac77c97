// What is compared: the cluster, the inventory and the history, without what differs between any two runs (names, uids, addresses, times).
import { formatRef, idKey, idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';
import { customGroup } from './example.ts';
import type { World } from './world.ts';

export type Picture = {
  readonly objects: readonly unknown[];
  /** Each entry with what is wrong about it. */
  readonly inventory: readonly string[];
  readonly history: readonly unknown[];
  readonly application: unknown;
};

const UUID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;
const ADDRESS = /10\.\d+\.\d+\.\d+/g;

/** Looks at everything that is left of an application. */
export async function pictureOf(world: World, revisions: readonly string[] = []): Promise<Picture> {
  const { name } = world.app;
  const [live, inventory, operations, record] = await Promise.all([
    liveObjects(world),
    world.state.inventory(name),
    world.state.operations(name, 100),
    world.state.application(name),
  ]);
  const uids = new Map(live.map((object) => [idKey(idOf(object)), object.metadata.uid]));
  const { lease, lastSync, health, desiredSeq } = record ?? {};
  const picture = {
    objects: live.map(essence),
    inventory: inventory
      .map((entry) => {
        const known = uids.get(idKey(entry)) === entry.uid ? 'live' : 'not live';
        return `${formatRef(entry)} ${known} ${entry.hash === undefined ? 'unfinished' : 'finished'}`;
      })
      .sort(),
    history: operations.map(({ seq, trigger, phase, revision, plan, outcome }) => {
      // Whoever tells of a commit first, the forge or the sweep of a deployer that starts.
      const cause = trigger.kind === 'sweep' ? 'push' : trigger.kind;
      return { seq, cause, phase, revision, plan, outcome };
    }),
    application: {
      lease,
      health: health && [health.status, health.message],
      desiredSeq,
      lastSync: lastSync && [lastSync.seq, lastSync.revision, lastSync.status],
    },
  };
  return JSON.parse(neutral(JSON.stringify(picture), { name, revisions }));
}

function neutral(text: string, known: { readonly name: string; readonly revisions: readonly string[] }): string {
  const named = text.replaceAll(known.name, 'APP').replace(UUID, 'UID').replace(ADDRESS, 'IP');
  return known.revisions.reduce((all, revision, place) => all.replaceAll(revision, `COMMIT ${place + 1}`), named);
}

/** Kinds that the example uses, or might leave behind. */
const KINDS = [
  ['v1', 'Namespace'],
  ['v1', 'ConfigMap'],
  ['batch/v1', 'Job'],
  ['apps/v1', 'Deployment'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
] as const;

/** What carries the application's label and is not being deleted. */
export async function liveObjects({ app, cluster }: World): Promise<readonly KubeObject[]> {
  const custom = ['Widget', 'Gadget'].map((kind) => [`${customGroup(app.name)}/v1`, kind] as const);
  const lists = await Promise.all(
    [...KINDS, ...custom].map(async ([apiVersion, name]) => {
      const kind = await cluster.kind(apiVersion, name);
      if (kind === undefined) return [];
      const query = { kind, labelSelector: `${APP_LABEL}=${app.name}`, content: 'full' } as const;
      return (await cluster.list(query).catch(gone)).items.map((item) => ({ ...item, apiVersion, kind: name }));
    }),
  );
  return lists
    .flat()
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A kind that was just removed is still known, but not served. */
function gone(error: unknown): { readonly items: readonly KubeObject[] } {
  if (error instanceof Error && 'code' in error && error.code === 'KindNotFound') return { items: [] };
  throw error;
}

function keyOf(object: KubeObject): string {
  return idKey(idOf(object));
}

/** An object without what its server and its controllers have added. */
function essence({ status: _, ...object }: KubeObject): unknown {
  const { name, namespace, labels, annotations, finalizers, generation } = object.metadata;
  return { ...object, metadata: { name, namespace, labels, annotations, finalizers, generation } };
}
