import type { ConfigProblem } from './config-problem.ts';
import type { Configuration, Repository } from './configuration.ts';
import type { RecordedError } from './operation.ts';

/** Where the configuration is. */
export type ConfigSource = {
  /** An http(s) URL without credentials. */
  readonly repo: string;
  readonly ref: string;
  /** Folder, or one file, in the repository; '' is the root. */
  readonly path: string;
};

/** The configuration that is followed, as it was read from one commit. */
export type StoredConfiguration = {
  /** Raised by each write of it; every write is conditional on the version that was read. */
  readonly version: number;
  readonly source: ConfigSource;
  readonly revision: string;
  /** Hash of `config`. */
  readonly hash: string;
  readonly config: Configuration;
  /** The version of the deployer that read it. */
  readonly readBy: string;
  /** ISO 8601. */
  readonly at: string;
  /** Whether the records of all applications follow it. */
  readonly loaded: boolean;
  /** Until then one worker makes them follow it, and no other does; ISO 8601. */
  readonly loadingUntil?: string;
};

/**
 * What came of the newest look at the configuration's repository. `invalid` has problems, `failed` an error (the repository cannot be read, or what is in
 * it is refused as a whole); what was followed before is followed on.
 */
export type ConfigReport = {
  readonly status: 'followed' | 'invalid' | 'failed';
  readonly source: ConfigSource;
  /** Absent where it could not be found out. */
  readonly revision?: string;
  /** At most {@link MAX_REPORTED_PROBLEMS}; `count` is of all. */
  readonly problems: readonly ConfigProblem[];
  readonly count: number;
  readonly error?: RecordedError;
  /** Since when it is so; ISO 8601. */
  readonly since: string;
};

/** Problems that a report names; further ones come after these are corrected. */
export const MAX_REPORTED_PROBLEMS = 100;

/**
 * The repositories that credentials are known for: the declared ones, and before them that of the configuration itself, which is read before
 * anything is declared. `secret` names its credentials; absent where the repository is public, or a declaration has them.
 */
export function knownRepositories(
  declared: readonly Repository[],
  configuration: { readonly repo: string; readonly secret?: string },
): readonly Repository[] {
  const { repo, secret } = configuration;
  if (secret === undefined) return declared;
  return [{ name: 'configuration', url: repo, credentials: { secret } }, ...declared];
}
