// Kubernetes API servers. A refusal or a lost race is a value; every other failure is thrown as a DriftlessError.
import type {
  ApplyResult,
  DeletedVersion,
  DeleteResult,
  ListQuery,
  ListResult,
  ServedKind,
  WatchEvent,
  WriteOptions,
} from '../model/cluster-api.ts';
import type { Project } from '../model/configuration.ts';
import type { KubeObject, ObjectId } from '../model/kube-object.ts';

/** One API server, as the field manager `driftless`. Transient errors and 429s are retried inside, then thrown. */
export interface Cluster {
  /** What a cluster that is made again under its name has another one of; undefined where it may not be read. Asked every ten minutes at most. */
  uid(): Promise<string | undefined>;
  /** `v1.36.3`, and every `group/version` and `group/version/Kind` that is served; Helm's capabilities. */
  capabilities(): Promise<{ readonly version: string; readonly apiVersions: readonly string[] }>;
  /** Reads discovery again once where the kind is unknown, since a CRD may just have been applied. */
  kind(apiVersion: string, kind: string): Promise<ServedKind | undefined>;
  list(query: ListQuery): Promise<ListResult>;
  /** Undefined only when the server says that the object does not exist; every other failure is thrown. */
  get(kind: ServedKind, id: ObjectId): Promise<KubeObject | undefined>;
  apply(kind: ServedKind, object: KubeObject, options: WriteOptions): Promise<ApplyResult>;
  /** Replaces who owns which fields, if the object still has this version; returns whether it had. */
  setManagedFields(kind: ServedKind, live: KubeObject, options: WriteOptions): Promise<boolean>;
  /** Deletes only the object with this uid and, where it is given, this version; any other of the same name stays. */
  delete(kind: ServedKind, id: DeletedVersion, options: WriteOptions): Promise<DeleteResult>;
  /** Events after a list, until the signal; ends early when the server ends the watch or forgot the version. */
  watch(query: ListQuery & { readonly resourceVersion: string }, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

export interface Clusters {
  /** With a project, every write and dry-run is sent as the project's user, and reads as the deployer itself; without one all are the deployer's. */
  open(name: string, project?: Pick<Project, 'name'>): Promise<Cluster>;
}
