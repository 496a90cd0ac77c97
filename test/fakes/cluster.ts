import type {
  ApplyResult,
  DeletedVersion,
  DeleteResult,
  ListQuery,
  ListResult,
  ServedKind,
  WatchEvent,
  WriteOptions,
} from '../../lib/model/cluster-api.ts';
import {
  formatRef,
  groupOf,
  idKey,
  idOf,
  type KubeObject,
  kindKey,
  type ObjectId,
} from '../../lib/model/kube-object.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import { ObjectStore } from './object-store.ts';

/** A small API server in memory, with a record of what was asked of it. */
export class FakeCluster implements Cluster {
  /** `LIST ConfigMap`, `DRY-RUN ConfigMap/store/a`, `APPLY …`, `OWN …`, `GET …`, `DELETE …`, `WATCH …`, in order. */
  readonly requests: string[] = [];
  /** Called before each request is answered; may throw, or take its time. */
  before: (request: string) => void | Promise<void> = () => undefined;
  /** Kinds whose LIST the server does not allow, though it does not say so beforehand. */
  readonly unlistable = new Set<string>();
  /** Watches that nobody has ended. */
  openWatches = 0;
  readonly #store = new ObjectStore();
  readonly #refusals = new Map<string, ApplyResult>();
  #uid = 'kube-system';
  #breaks = 0;

  constructor(...namespaces: readonly string[]) {
    for (const name of namespaces) this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** What a controller makes of an object that was written: its status. */
  set controller(controller: (object: KubeObject) => unknown) {
    this.#store.controller = controller;
  }

  /** Whether a definition that is written from now on is established at once. */
  set establishes(isAtOnce: boolean) {
    this.#store.establishes = isAtOnce;
  }

  /** Everything that is there, without what servers add: reference → object. */
  contents(): Readonly<Record<string, object>> {
    const entries = [...this.#store.objects.values()].map((object) => {
      const { status: _, metadata, ...rest } = object;
      const { labels, annotations } = metadata;
      return [
        formatRef(idOf(object)),
        { ...rest, ...(labels && { labels }), ...(annotations && { annotations }) },
      ] as const;
    });
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  find(ref: string): KubeObject {
    return this.#store.named(ref);
  }

  /** Somebody else applies an object, by force. */
  put(object: KubeObject, manager = 'somebody'): void {
    this.#store.apply(object, { manager, force: true, dryRun: false });
  }

  /** Somebody replaces an object as a whole, for example without a label; undefined deletes it. */
  edit(ref: string, change: (object: KubeObject) => KubeObject | undefined): void {
    const live = this.find(ref);
    const next = change(live);
    if (next === undefined) this.#store.remove(live);
    else this.#store.put(next);
  }

  /** The server refuses this object from now on, also in a dry-run; undefined ends that. */
  refuse(ref: string, result: ApplyResult | undefined): void {
    if (result === undefined) this.#refusals.delete(ref);
    else this.#refusals.set(ref, result);
  }

  /** The server ends all watches. */
  breakWatches(): void {
    this.#breaks += 1;
    this.#store.wake();
  }

  /** It is another cluster than those with another name: its own uid, and those of its objects. */
  identify(name: string): this {
    this.#uid = name;
    this.#store.uids = `uid-${name}`;
    return this;
  }

  async uid(): Promise<string | undefined> {
    return this.#uid;
  }

  async capabilities() {
    return { version: 'v1.36.3', apiVersions: [...this.#store.kinds.keys()] };
  }

  async kind(apiVersion: string, name: string): Promise<ServedKind | undefined> {
    return this.#store.kinds.get(`${apiVersion}/${name}`);
  }

  async list(query: ListQuery): Promise<ListResult> {
    if (query.kind.unlistable || this.unlistable.has(query.kind.kind))
      return { items: [], resourceVersion: '', unlistable: true };
    await this.#asked(`LIST ${query.kind.kind}`);
    const found = [...this.#store.objects.values()].filter((object) => matches(object, query));
    const items = query.content === 'full' ? found : found.map(metadataAlone);
    return { items: items.filter(query.keep ?? (() => true)), resourceVersion: String(this.#store.version) };
  }

  async get(_kind: ServedKind, id: ObjectId): Promise<KubeObject | undefined> {
    await this.#asked(`GET ${formatRef(id)}`);
    return this.#store.objects.get(idKey(id));
  }

  async apply(_kind: ServedKind, object: KubeObject, options: WriteOptions): Promise<ApplyResult> {
    const { dryRun = false, force = false, guard } = options;
    guard?.();
    const ref = formatRef(idOf(object));
    await this.#asked(`${dryRun ? 'DRY-RUN' : 'APPLY'} ${ref}`);
    return this.#refusals.get(ref) ?? this.#store.apply(object, { manager: 'driftless', force, dryRun });
  }

  async setManagedFields(_kind: ServedKind, object: KubeObject, { guard }: WriteOptions): Promise<boolean> {
    guard?.();
    await this.#asked(`OWN ${formatRef(idOf(object))}`);
    const live = this.#store.objects.get(idKey(idOf(object)));
    const { resourceVersion, managedFields = [] } = object.metadata;
    if (live === undefined || live.metadata.resourceVersion !== resourceVersion) return false;
    this.#store.put({ ...live, metadata: { ...live.metadata, managedFields } });
    return true;
  }

  async delete(_kind: ServedKind, id: DeletedVersion, options: WriteOptions): Promise<DeleteResult> {
    options.guard?.();
    await this.#asked(`DELETE ${formatRef(id)}`);
    const live = this.#store.objects.get(idKey(id));
    if (live === undefined) return { status: 'absent' };
    if (live.metadata.uid !== id.uid) return { status: 'conflict' };
    if (id.resourceVersion !== undefined && id.resourceVersion !== live.metadata.resourceVersion)
      return { status: 'conflict' };
    if (live.metadata.deletionTimestamp !== undefined) return { status: 'deleted' };
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    if ((live.metadata.finalizers ?? []).length === 0) this.#store.remove(live);
    else this.#store.put({ ...live, metadata: { ...live.metadata, deletionTimestamp } });
    return { status: 'deleted' };
  }

  async *watch(
    query: ListQuery & { readonly resourceVersion: string },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent> {
    const breaks = this.#breaks;
    this.openWatches += 1;
    try {
      await this.#asked(`WATCH ${query.kind.kind}`);
      for (let seen = Number(query.resourceVersion); !signal.aborted && breaks === this.#breaks; ) {
        const event = this.#store.events.find(({ version, object }) => version > seen && matches(object, query));
        if (event === undefined) await this.#store.somethingHappens(signal);
        else {
          seen = event.version;
          yield { type: event.type, object: event.object };
        }
      }
    } finally {
      this.openWatches -= 1;
    }
  }

  async #asked(request: string): Promise<void> {
    this.requests.push(request);
    await this.before(request);
  }
}

function metadataAlone({ apiVersion, kind, metadata: { managedFields: _, ...metadata } }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata };
}

function matches(object: KubeObject, { kind: served, namespace, labelSelector }: ListQuery): boolean {
  const [label = '', value] = labelSelector?.split('=') ?? [];
  const { labels = {}, namespace: own } = object.metadata;
  if (kindKey(served) !== kindKey({ group: groupOf(object.apiVersion), kind: object.kind })) return false;
  const isLabelled = value === undefined ? label === '' || labels[label] !== undefined : labels[label] === value;
  return (namespace === undefined || namespace === own) && isLabelled;
}
