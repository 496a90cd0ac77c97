// The outside world on one page. Adapters implement these; sync, drift and alarm are handed them. Every method may throw a
// DriftlessError; what is to be expected (a refusal, a lost race) is a value.
import type { Application } from './model/application.ts';
import type {
  Acquisition,
  ApplicationRecord,
  Deployment,
  End,
  Lease,
  OperationRequest,
} from './model/application-record.ts';
import type {
  ApplyResult,
  DeleteResult,
  ListQuery,
  ListResult,
  ServedKind,
  WatchEvent,
  WriteOptions,
} from './model/cluster-api.ts';
import type { GitCredentials } from './model/git-credentials.ts';
import type { InventoryEntry } from './model/inventory.ts';
import type { KubeObject, ObjectId } from './model/kube-object.ts';
import type { Operation, Outcome, Trigger } from './model/operation.ts';
import type { FileTree, RenderRequest } from './model/source-tree.ts';

/** What a line says beside its constant sentence, which alone is called `message`. */
type LogFields = Readonly<Record<string, unknown>> & { readonly message?: never };

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  bind(fields: LogFields): Log;
}

export interface Clock {
  /** Milliseconds since 1970, for records. */
  now(): number;
  /** Milliseconds that never jump, for deadlines and durations. */
  monotonic(): number;
  /** Ends early, without an error, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One commit, opened: its folders are known, its files are fetched when they are checked out. */
export interface GitSnapshot {
  readonly revision: string;
  /** Git object id of a file or folder, its content key; undefined where there is none. '' is the root. */
  oid(path: string): string | undefined;
  /** All files at or below the paths, keyed from the repository's root; links followed; blobs are fetched in one request. */
  checkout(paths: readonly string[]): Promise<FileTree>;
}

export interface Git {
  /** The commit that a ref names on the server now. */
  resolve(repo: string, ref: string): Promise<string>;
  open(repo: string, revision: string): Promise<GitSnapshot>;
}

export interface Renderer {
  /** The YAML that the tool prints. */
  render(request: RenderRequest): Promise<string>;
}

export interface Blobs {
  put(key: string, bytes: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
}

/** One Kubernetes API server, as the field manager `driftless`. Faults and 429s are retried inside, then thrown. */
export interface Cluster {
  /** `v1.36.3`, and every `group/version` and `group/version/Kind` that is served; what Helm calls capabilities. */
  capabilities(): Promise<{ readonly version: string; readonly apiVersions: readonly string[] }>;
  /** Looked up anew once where it is not known yet, since a CRD may just have been applied. */
  kind(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  list(query: ListQuery): Promise<ListResult>;
  /** Undefined only when the server says that there is none; every other failure is thrown. */
  get(kind: ServedKind, id: ObjectId): Promise<KubeObject | undefined>;
  apply(kind: ServedKind, object: KubeObject, options: WriteOptions): Promise<ApplyResult>;
  /** Replaces who owns which fields, if the object is still in this version; tells whether it was. */
  setManagedFields(kind: ServedKind, live: KubeObject, options: WriteOptions): Promise<boolean>;
  /** Deletes only the object with this uid; another one of the same name is `replaced` and stays. */
  delete(kind: ServedKind, id: ObjectId & { readonly uid: string }, options: WriteOptions): Promise<DeleteResult>;
  /** Events after a list, until the signal; ends early when the server ends the watch or forgot the version. */
  watch(query: ListQuery & { readonly resourceVersion: string }, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

export interface Clusters {
  open(name: string): Promise<Cluster>;
}

export interface StateStore {
  /** Creates an application, or gives it a new specification; tells whether anything changed. */
  putApplication(app: Application, specHash: string): Promise<'created' | 'configured' | 'unchanged'>;
  /** Forgets an application's specification, so that nothing deploys it; its history and inventory stay. */
  removeApplication(name: string): Promise<void>;
  application(name: string): Promise<ApplicationRecord | undefined>;
  applications(): Promise<readonly ApplicationRecord[]>;
  applicationsOfRepo(repo: string): Promise<readonly ApplicationRecord[]>;

  /** Records that an operation is wanted, atomically; a revision that is already asked for and in flight, or live, is not asked for twice. */
  request(app: string, wanted: { readonly revision?: string; readonly trigger: Trigger }): Promise<OperationRequest>;
  acquire(app: string, seq: number, leaseSeconds: number): Promise<Acquisition>;
  /** Extends a lease; tells the newest operation that is wanted. Throws LeaseLost where a higher fence exists. */
  renew(lease: Lease, leaseSeconds: number): Promise<{ readonly lease: Lease; readonly desiredSeq: number }>;
  /** Records the end of an operation and gives the lease back, in one write; names the newer operation that waits, if any. */
  conclude(lease: Lease, end: End): Promise<{ readonly successor?: number }>;
  /** Records the start of a deployment that alarms watch over, before its first write. */
  putDeployment(lease: Lease, deployment: Deployment): Promise<void>;

  updateOperation(lease: Lease, operation: Operation): Promise<void>;
  operation(app: string, seq: number): Promise<Operation | undefined>;
  /** Newest first. */
  operations(app: string, limit: number): Promise<readonly Operation[]>;
  /** Ends operations before `seq` that never got the lease. */
  supersedeOlder(lease: Lease, outcome: Outcome): Promise<void>;

  inventory(app: string): Promise<readonly InventoryEntry[]>;
  /** Replaces the inventory as a whole; readers see the old one or the new one, never a mixture. Records in the same write how far the operation is. */
  putInventory(lease: Lease, entries: readonly InventoryEntry[], progress?: Operation): Promise<void>;
}

/** What survives a crash between two steps must be JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A durable operation: finished steps are not run again after a crash; the one that was running is. */
export interface Flow {
  /** Runs the work at least once and remembers its result, a few kB. A DriftlessError with `retry` is tried again with back-off. */
  step<T extends Json | undefined>(name: string, work: () => Promise<T>): Promise<T>;
  sleep(name: string, seconds: number): Promise<void>;
  /** Runs the work again and again, each run a step; `nextSeconds` undefined ends it. */
  poll<T extends Json>(name: string, initial: T, work: (state: T) => Promise<Polled<T>>): Promise<T>;
}

export type Polled<T> = { readonly state: T; readonly nextSeconds?: number };

/** Starts operations; starting one that runs or has ended does nothing. */
export interface Operations {
  start(app: string, seq: number): Promise<void>;
}

export interface Secrets {
  /** All secrets that a delivery may be signed with, newest first; empty means that the endpoint is off. `anew`: those known do not fit. */
  webhookSecrets(forge: string, asked?: { readonly anew?: boolean }): Promise<readonly string[]>;
  /** Credentials for a repository; only ever sent to its own host. `anew`: those known were refused. */
  gitCredentials(repo: string, asked?: { readonly anew?: boolean }): Promise<GitCredentials | undefined>;
}
