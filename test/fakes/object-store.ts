// What a small API server keeps: objects with versions, generations and uids, and the events of their changes.
import { isDeepStrictEqual } from 'node:util';
import type { ApplyResult, ServedKind, WatchEvent } from '../../lib/model/cluster-api.ts';
import { definedKinds } from '../../lib/model/definition.ts';
import { formatRef, idKey, idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import { serverSideApply } from './server-side-apply.ts';

type Event = WatchEvent & { readonly version: number };

type Write = { readonly manager: string; readonly force: boolean; readonly dryRun: boolean };

const kind = (group: string, name: string, namespaced = true): ServedKind => ({
  group,
  version: 'v1',
  kind: name,
  plural: `${name.toLowerCase()}s`,
  namespaced,
});

/** A kind that is answered and not kept. */
const unkept = (group: string, name: string, namespaced = true): ServedKind => ({
  ...kind(group, name, namespaced),
  unlistable: true,
});

/** What is served from the start. */
const KINDS: readonly ServedKind[] = [
  kind('', 'Namespace', false),
  kind('', 'ConfigMap'),
  kind('', 'Secret'),
  kind('', 'Pod'),
  kind('', 'PersistentVolumeClaim'),
  kind('', 'Event'),
  kind('', 'PersistentVolume', false),
  kind('apps', 'Deployment'),
  kind('apps', 'ReplicaSet'),
  kind('apps', 'StatefulSet'),
  kind('batch', 'Job'),
  kind('autoscaling', 'HorizontalPodAutoscaler'),
  kind('example.com', 'Widget'),
  kind('apiextensions.k8s.io', 'CustomResourceDefinition', false),
  kind('rbac.authorization.k8s.io', 'ClusterRole', false),
  unkept('', 'Binding'),
  unkept('authentication.k8s.io', 'TokenReview', false),
  unkept('authorization.k8s.io', 'SubjectAccessReview', false),
  unkept('authorization.k8s.io', 'LocalSubjectAccessReview'),
];

/** A field that the server never changes, by kind. */
const IMMUTABLE = new Map([
  ['Job', 'spec.template'],
  ['PersistentVolumeClaim', 'spec.storageClassName'],
]);

export class ObjectStore {
  readonly kinds = new Map<string, ServedKind>();
  readonly objects = new Map<string, KubeObject>();
  readonly events: Event[] = [];
  readonly #watchers = new Set<() => void>();
  /** What a controller makes of an object that was written: its status. */
  controller: (object: KubeObject) => unknown = ({ status }) => status;
  /** Whether a definition that is written is established at once. */
  establishes = true;
  version = 0;
  /** What the uids of its objects begin with. */
  uids = 'uid';
  #created = 0;

  constructor() {
    for (const served of KINDS) this.#serve(served);
  }

  named(ref: string): KubeObject {
    const found = [...this.objects.values()].find((object) => formatRef(idOf(object)) === ref);
    if (found === undefined) throw new Error(`${ref} is not in the cluster`);
    return found;
  }

  /** Applies an object for a manager, as far as the server lets it. */
  apply(object: KubeObject, { manager, force, dryRun }: Write): ApplyResult {
    const { namespace } = object.metadata;
    if (namespace !== undefined && !this.objects.has(`/Namespace//${namespace}`))
      return {
        status: 'refused',
        reason: 'namespaceMissing',
        message: `namespaces "${namespace}" not found`,
        causes: [],
      };
    const live = this.objects.get(idKey(idOf(object)));
    const merged = serverSideApply(live, object, { manager, force });
    if ('conflicts' in merged) return { status: 'conflict', conflicts: merged.conflicts };
    const immutable = live && IMMUTABLE.get(live.kind);
    if (immutable !== undefined && !isDeepStrictEqual(live?.spec, merged.object.spec)) {
      const causes = [{ field: immutable, message: 'field is immutable' }];
      const message = `${live?.kind} "${live?.metadata.name}" is invalid`;
      return { status: 'refused', reason: 'immutable', message, causes };
    }
    return { status: 'applied', object: dryRun ? merged.object : this.put(merged.object) };
  }

  /** Stores an object as a whole. */
  put(next: KubeObject): KubeObject {
    const key = idKey(idOf(next));
    const live = this.objects.get(key);
    if (live !== undefined && isDeepStrictEqual(withoutVersion(live), withoutVersion(next))) return live;
    this.version += 1;
    if (live === undefined) this.#created += 1;
    const generation = (live?.metadata.generation ?? 0) + (live && isDeepStrictEqual(live.spec, next.spec) ? 0 : 1);
    const metadata = {
      ...next.metadata,
      uid: live?.metadata.uid ?? `${this.uids}-${this.#created}`,
      resourceVersion: String(this.version),
      ...('spec' in next && { generation }),
    };
    const stored = this.#withStatus({ ...next, metadata });
    this.objects.set(key, stored);
    for (const served of definedKinds(stored)) this.#serve(served);
    this.#tell(live === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  remove(object: KubeObject): void {
    this.version += 1;
    this.objects.delete(idKey(idOf(object)));
    this.#tell('DELETED', object);
  }

  /** Resolves with the next event, or when the signal fires, or somebody wakes all. */
  somethingHappens(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#watchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  wake(): void {
    for (const wake of [...this.#watchers]) wake();
  }

  #withStatus(object: KubeObject): KubeObject {
    const established = { conditions: [{ type: 'Established', status: this.establishes ? 'True' : 'False' }] };
    const status = definedKinds(object).length > 0 ? established : this.controller(object);
    return status === undefined ? object : { ...object, status };
  }

  #tell(type: WatchEvent['type'], object: KubeObject): void {
    this.events.push({ type, object, version: this.version });
    this.wake();
  }

  #serve(served: ServedKind): void {
    this.kinds.set(`${served.group === '' ? '' : `${served.group}/`}${served.version}/${served.kind}`, served);
  }
}

function withoutVersion({ metadata: { resourceVersion: _, ...metadata }, ...rest }: KubeObject): object {
  return { ...rest, metadata };
}
