/** Options for a folder of plain manifests. Globs are relative to the path; `*` crosses `/`, as in Argo CD. */
export type DirectoryOptions = {
  readonly recurse: boolean;
  readonly include?: string;
  readonly exclude?: string;
};

export type KustomizeOptions = {
  /** Whether remote bases may be fetched; off, they are refused by name. */
  readonly allowRemoteBases: boolean;
};

export type HelmOptions = {
  readonly releaseName?: string;
  /** Relative to the chart, or from the repository's root when it starts with `/`. */
  readonly valueFiles: readonly string[];
  readonly values?: Readonly<Record<string, unknown>>;
  readonly includeCRDs: boolean;
};

/** Where the manifests are. At most one of directory, kustomize and helm is set; none means detection. */
export type Source = {
  /** An http(s) URL without credentials. */
  readonly repo: string;
  /** Branch, tag, full ref name, commit id of 40 digits, or HEAD. */
  readonly ref: string;
  /** Folder in the repository, without leading or trailing slash; '' is the root. */
  readonly path: string;
  readonly directory?: DirectoryOptions;
  readonly kustomize?: KustomizeOptions;
  readonly helm?: HelmOptions;
};

/** Sources of one application, at most. */
export const MAX_SOURCES = 20;

export type Destination = { readonly cluster: string; readonly namespace: string };

export type SyncOptions = {
  /** `auto` deploys each push; `manual` only records the revision that is wanted. */
  readonly mode: 'auto' | 'manual';
  readonly prune: boolean;
  /** Kinds that are pruned only when they are named here: Namespace, CustomResourceDefinition, PersistentVolumeClaim, PersistentVolume. */
  readonly pruneProtected: readonly string[];
  /** Largest share of the application's objects that one operation may delete, in percent; counts from ten objects on. */
  readonly maxPrunePercent: number;
  /** Whether a rendering without any object may delete everything. */
  readonly allowEmpty: boolean;
  readonly createNamespace: boolean;
  /** Whether fields that other field managers own are taken over instead of refused. */
  readonly force: boolean;
  /** Whether an object whose immutable field changes is deleted and created again. */
  readonly recreate: boolean;
  /** How long an operation waits for health, from the end of each stage's apply. */
  readonly timeoutSeconds: number;
};

export type DriftMode = 'correct' | 'report' | 'off';

/**
 * Fields whose drift does not count. What is left out matches everything; `group`, `kind`, `namespace` and `name` are globs, `fields` are JSON pointers or
 * paths as diffs print them, `managers` are field managers. At least one of fields and managers is set.
 */
export type IgnoreRule = {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fields?: readonly string[];
  readonly managers?: readonly string[];
};

export type DriftOptions = { readonly mode: DriftMode; readonly ignore?: readonly IgnoreRule[] };

export type RollbackOptions = { readonly alarms: readonly string[]; readonly bakeTimeSeconds: number };

/** What is deployed from where to where; the document `kind: Application` with every default filled in. */
export type Application = {
  readonly name: string;
  /** The name that it had before, of an application that is no longer configured; part of the configuration only, not of the specification. */
  readonly renamedFrom?: string;
  /** Those of its document, to select it by; no part of what is deployed, so that a change of them deploys nothing. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly project: string;
  /** At most {@link MAX_SOURCES}; the configuration gives one. */
  readonly sources: readonly [Source, ...Source[]];
  readonly destination: Destination;
  readonly sync: SyncOptions;
  readonly drift: DriftOptions;
  readonly rollback?: RollbackOptions;
};

/** The first source: what an application deploys wherever one source is all that is supported. */
export function primarySource({ sources }: Pick<Application, 'sources'>): Source {
  return sources[0];
}
