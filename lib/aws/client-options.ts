type Patience = {
  /** How long one attempt may take, the answer read; 10 s. */
  readonly requestSeconds?: number;
  /** Attempts in all, with growing pauses between them; 4. */
  readonly attempts?: number;
};

/**
 * Settings for every client of an AWS SDK: connections are kept and used again, an attempt that takes too long is an error, and what may pass is tried a few times.
 */
export function clientOptions({ requestSeconds = 10, attempts = 4 }: Patience = {}) {
  return {
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: requestSeconds * 1000,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, maxSockets: 64 },
      httpAgent: { keepAlive: true, maxSockets: 64 },
    },
    maxAttempts: attempts,
    retryMode: 'standard',
  } as const;
}
