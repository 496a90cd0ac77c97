type ClientLimits = {
  /** How long one attempt may take, response included; 10 s. */
  readonly requestSeconds?: number;
  /** Attempts in total, with growing delays between them; 4. */
  readonly attempts?: number;
};

/**
 * Settings for every AWS SDK client: connections are reused, an attempt that takes too long is an error, and transient errors are retried.
 */
export function clientOptions({ requestSeconds = 10, attempts = 4 }: ClientLimits = {}) {
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
