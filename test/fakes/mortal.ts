import type { WriteOptions } from '../../lib/model/cluster-api.ts';
import { formatRef, idOf, type KubeObject, type ObjectId } from '../../lib/model/kube-object.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';

/** A process that stops for good at a moment; whoever of it comes anywhere from then on waits for ever. */
export class Mortal {
  /** Resolves when the process has stopped. */
  readonly stopped: Promise<undefined>;
  readonly #moment: string | undefined;
  #isDead = false;
  #stop: () => void = () => undefined;

  constructor(moment: string | undefined) {
    this.#moment = moment;
    this.stopped = new Promise((resolve) => {
      this.#stop = () => resolve(undefined);
    });
  }

  readonly at = async (moment: string): Promise<void> => {
    this.#isDead ||= moment === this.#moment;
    if (!this.#isDead) return;
    this.#stop();
    await new Promise(() => undefined);
  };

  /** The cluster as the process sees it: `before APPLY ConfigMap/store/a` nothing is sent, `after` it nobody reads the answer. */
  cluster(cluster: Cluster): Cluster {
    const around = async <T>(request: string, send: () => Promise<T>): Promise<T> => {
      await this.at(`before ${request}`);
      const answer = await send();
      await this.at(`after ${request}`);
      return answer;
    };
    return {
      uid: () => cluster.uid(),
      capabilities: () => around('capabilities', () => cluster.capabilities()),
      kind: (apiVersion, kind) => around('discovery', () => cluster.kind(apiVersion, kind)),
      list: (query) => around('LIST', () => cluster.list(query)),
      get: (kind, id) => around('GET', () => cluster.get(kind, id)),
      apply: (kind, object, options) =>
        around(applyRequest(object, options), () => cluster.apply(kind, object, options)),
      setManagedFields: (kind, live, options) => around('OWN', () => cluster.setManagedFields(kind, live, options)),
      delete: (kind, id, options) => around(deleteRequest(id), () => cluster.delete(kind, id, options)),
      watch: (query, signal) => cluster.watch(query, signal),
    };
  }
}

function applyRequest(object: KubeObject, { dryRun = false }: WriteOptions): string {
  return `${dryRun ? 'DRY-RUN' : 'APPLY'} ${formatRef(idOf(object))}`;
}

function deleteRequest(id: ObjectId): string {
  return `DELETE ${formatRef(id)}`;
}
