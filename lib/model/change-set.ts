import type { KubeObject, ObjectId } from './kube-object.ts';

/** A manifest and where it came from, for messages: `deploy/prod/api.yaml:14`. */
export type Manifest = {
  readonly object: KubeObject;
  readonly file: string;
  /** Line of the document's first key, from 1; absent where a renderer made the text. */
  readonly line?: number;
};

/**
 * One field that changes. `path` is what people write: `spec.template.spec.containers[api].image`; keyed list items by their key.
 * A masked value is a short text, never the value.
 */
export type FieldChange = { readonly path: string; readonly from?: unknown; readonly to?: unknown };

export type ChangeAction = 'created' | 'configured' | 'recreated' | 'unchanged' | 'deleted' | 'skipped';

export type Change = {
  readonly id: ObjectId;
  readonly action: ChangeAction;
  readonly fields: readonly FieldChange[];
  /** Why an object is skipped, or another remark for people. */
  readonly note?: string;
};

/** Why the API server, or a guard of ours, does not let an object through. */
export type Refusal = {
  readonly id: ObjectId;
  /** File and line of the manifest, where there is one. */
  readonly source?: string;
  readonly field?: string;
  /** The server's words, or ours; never a value of a Secret. */
  readonly message: string;
  /** Set where the application's project does not permit the object. */
  readonly code?: 'ProjectForbids';
};

/** What an operation would do, readable by people and machines. */
export type ChangeSet = {
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
};
