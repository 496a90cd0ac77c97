/** A verified push delivery of any forge, in one shape. The commit is a hint only: the Git server is asked again. */
export type PushEvent = {
  readonly forge: 'github' | 'gitlab';
  readonly deliveryId: string;
  /** Every http(s) URL the payload names the repository by, normalized as in `normalizeRepoUrl`. */
  readonly repos: readonly string[];
  /** Full name: `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  readonly defaultBranch?: string;
  /** The commit that the ref points to after the push; absent when it was deleted. */
  readonly after?: string;
};
