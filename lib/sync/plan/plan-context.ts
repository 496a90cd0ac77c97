import type { IgnoreContext } from '../../ignore/rules.ts';
import type { Application } from '../../model/application.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { Cluster } from '../../ports/cluster.ts';

/** Requests to one API server at a time. */
export const CONCURRENT_REQUESTS = 32;

/** What the parts of planning share: the application, and its live objects and inventory entries by identity. */
export type Planning = {
  readonly app: Application;
  readonly deployer: string | undefined;
  readonly cluster: Cluster;
  readonly live: ReadonlyMap<string, KubeObject>;
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  /** Which fields are left unmanaged. */
  readonly ignoring: IgnoreContext;
  /** Whether each object is dry-run, even if its version is the one of the inventory. */
  readonly askAll?: boolean;
  /** Another deployer, whose objects an order takes over. */
  readonly adopts?: string | undefined;
  /** Name of the operation; empty where nothing is going to be applied. */
  readonly operation: string;
};
