// What applications own and want, for the hand-over of objects between them.
import type { Application } from '../model/application.ts';
import type { ApplicationRecord, Lease, Rendered } from '../model/application-record.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { ObjectId } from '../model/kube-object.ts';
import type { Operation } from '../model/operation.ts';

/** An application as an owner of objects, also one that is not configured any more. */
export type OwnerRecord = {
  readonly app: string;
  /** Absent where it is not configured. */
  readonly record?: ApplicationRecord;
  readonly inventory: readonly InventoryEntry[];
  /** The objects that it desires and does not have yet. */
  readonly wants: readonly ObjectId[];
};

/** The wanted objects of an application, and the commit that holds them. */
export type Wants = { readonly rendered?: Rendered; readonly wanted: readonly ObjectId[] };

/** What became of an application that was declared. */
export type PutResult = 'created' | 'configured' | 'unchanged' | 'renamed';

export interface OwnershipStore {
  /** As putApplication, for an application that goes on with the history and the objects of `from`, which the same write removes. */
  renameApplication(from: string, app: Application, specHash: string): Promise<PutResult>;
  /** Owners by name, read strongly; a name that was never used is omitted. */
  owners(names: readonly string[]): Promise<ReadonlyMap<string, OwnerRecord>>;
  /** The configured applications with a source in one of the repositories, and those that want objects in the cluster; read strongly. */
  neighbours(place: { readonly repos: readonly string[]; readonly cluster: string }): Promise<readonly OwnerRecord[]>;
  /** Writes the commit that was rendered and the wanted objects in one transaction, with the operation's progress. */
  putWants(lease: Lease, wants: Wants, progress?: Operation): Promise<void>;
  /** Notes the deployer that the table belongs to, where none is noted or in place of `over`; returns the one that is noted. */
  noteDeployer(identity: string, over?: string): Promise<string>;
}
