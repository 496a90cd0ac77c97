import type { IgnoreContext } from '../../ignore/rules.ts';
import type { Application } from '../../model/application.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Cluster } from '../../ports/cluster.ts';

/** What the parts of planning share: whose plan it is, and what is live and in the inventory, by identity. */
export type Planning = {
  readonly app: Application;
  readonly cluster: Cluster;
  readonly live: ReadonlyMap<string, KubeObject>;
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  /** What is left to others. */
  readonly ignoring: IgnoreContext;
  /** Whether the server is asked about each object, also where nothing tells that it has changed. */
  readonly askAll?: boolean;
};
