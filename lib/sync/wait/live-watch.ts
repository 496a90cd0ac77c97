import { isFinished } from '../../health/finished.ts';
import type { ListedKind, LiveQuery } from '../../live/list-kinds.ts';
import type { WatchEvent } from '../../model/cluster-api.ts';
import { idKey, idOf, type KubeObject } from '../../model/kube-object.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/runtime.ts';

/** A set of live objects that follows the cluster while it is watched. */
export class LiveWatch {
  readonly objects: Map<string, KubeObject>;
  /** Objects that had finished when they were deleted. */
  readonly finished = new Set<string>();
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  #changed = false;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(objects: Map<string, KubeObject>, clock: Clock) {
    this.objects = objects;
    this.#clock = clock;
  }

  /** Whether a watch broke off, so that the objects may be outdated. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Starts to watch from the version of each list. */
  start(
    cluster: Cluster,
    lists: readonly ListedKind[],
    { labelSelector, content }: Pick<LiveQuery, 'labelSelector' | 'content'>,
  ): void {
    for (const list of lists) {
      void this.#follow(cluster.watch({ ...list, labelSelector, content }, this.#abort.signal));
    }
  }

  /** Waits for a change, for `limitMs` at most. */
  async nextChange(limitMs: number): Promise<void> {
    if (!this.#changed && !this.#ended) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await this.#clock.sleep(limitMs, woken.signal);
    }
    this.#changed = false;
  }

  stop(): void {
    this.#abort.abort();
  }

  #remove(key: string, last: KubeObject): void {
    this.objects.delete(key);
    if (isFinished(last)) this.finished.add(key);
  }

  async #follow(events: AsyncIterable<WatchEvent>): Promise<void> {
    try {
      for await (const { type, object } of events) {
        const key = idKey(idOf(object));
        if (type === 'DELETED') this.#remove(key, object);
        else this.objects.set(key, object);
        this.#changed = true;
        this.#wake();
      }
    } catch {
      // The next observation lists again, and throws if the cause persists.
    }
    this.#ended = true;
    this.#wake();
  }
}
