/** What a commit says of itself; no text has a control character. */
export type Commit = {
  readonly author: string;
  readonly email?: string;
  /** When it was committed; ISO 8601. */
  readonly at: string;
  /** The first line of its message, at most 200 characters. */
  readonly subject: string;
  /** Whether it has a signature, which is not verified. */
  readonly signed: boolean;
};
