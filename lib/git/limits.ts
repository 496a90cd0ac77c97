/** Upper bounds that keep a hostile or huge repository from exhausting the worker; the error contains the name of the limit. */
export type GitLimits = {
  /** Bytes of the server's capability advertisement. */
  readonly advertisementBytes: number;
  /** Bytes of any other response in total: a pack or a list of refs with everything around it. */
  readonly answerBytes: number;
  /** Bytes of one pack on the wire. */
  readonly packBytes: number;
  /** Objects in one pack. */
  readonly packObjects: number;
  /** Bytes of one file, folder or commit, inflated. */
  readonly objectBytes: number;
  /** Bytes of all objects of one pack together, inflated. */
  readonly inflatedBytes: number;
  /** Files and folders of one checkout. */
  readonly checkoutEntries: number;
  /** Bytes of all files of one checkout. */
  readonly checkoutBytes: number;
  /** Depth of nested folders. */
  readonly depth: number;
  /** Bytes of one list of refs. */
  readonly refBytes: number;
  /** Objects in one request. */
  readonly wantsPerRequest: number;
  /** Bytes of commits that are cached for the next application of the same repository. */
  readonly cacheBytes: number;
};

const MiB = 2 ** 20;

export const DEFAULT_LIMITS: GitLimits = {
  advertisementBytes: MiB,
  answerBytes: 72 * MiB,
  packBytes: 64 * MiB,
  packObjects: 250_000,
  objectBytes: 16 * MiB,
  inflatedBytes: 256 * MiB,
  checkoutEntries: 50_000,
  checkoutBytes: 128 * MiB,
  depth: 64,
  refBytes: 16 * MiB,
  wantsPerRequest: 8_000,
  cacheBytes: 64 * MiB,
};

/** How long a Git server may take, in milliseconds. */
export type GitTimeouts = {
  readonly connectMs: number;
  /** From the request to the head of the response. */
  readonly headersMs: number;
  /** Silence within a response. */
  readonly idleMs: number;
  /** One request as a whole. */
  readonly requestMs: number;
};

export const DEFAULT_TIMEOUTS: GitTimeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  idleMs: 30_000,
  requestMs: 120_000,
};
