import type { KubeObject, ObjectId } from './kube-object.ts';

/** A kind that the API server serves, in one version. */
export type ServedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Set where the server answers requests of this kind and keeps no objects of it, such as a TokenReview. */
  readonly unlistable?: true;
};

export type ListQuery = {
  readonly kind: ServedKind;
  /** Only in this namespace; absent means in all. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** `metadata` answers with `metadata` alone, which is several times smaller. */
  readonly content: 'full' | 'metadata';
  /** Asked about each object as its page comes, maybe more than once: what it is false for is not in the result, and never in memory with the rest. */
  readonly keep?: (object: KubeObject) => boolean;
};

export type ListResult = {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** The server does not list this kind, since it keeps no objects of it. */
  readonly unlistable?: true;
};

export type WatchEvent = { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject };

export type WriteOptions = {
  /** Asks the server what it would do, without doing it. */
  readonly dryRun?: boolean;
  /** Takes over fields of other managers. */
  readonly force?: boolean;
  /** Called right before every single send, also of a retry; throws when writing is no longer allowed. */
  readonly guard?: () => void;
};

export type ApplyResult =
  | { readonly status: 'applied'; readonly object: KubeObject }
  | { readonly status: 'conflict'; readonly conflicts: readonly { readonly manager: string; readonly field: string }[] }
  | {
      readonly status: 'refused';
      readonly reason: 'invalid' | 'immutable' | 'forbidden' | 'namespaceMissing' | 'kindMissing' | 'other';
      readonly message: string;
      readonly causes: readonly { readonly field?: string; readonly message: string }[];
    };

/** The version of an object that is deleted. */
export type DeletedVersion = ObjectId & { readonly uid: string; readonly resourceVersion?: string };

/** `conflict`: the object has another uid or version by now, or the server is not ready to delete it. */
export type DeleteResult =
  | { readonly status: 'deleted' | 'absent' | 'conflict' }
  | { readonly status: 'refused'; readonly message: string };
