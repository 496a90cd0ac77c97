// What one scan, one sweep and one deployment use. Durations are billed ones, of warm functions on arm64; docs/cost.md tells where each comes from.

/** What is assumed where the command line says nothing. */
export const ASSUMED = {
  objectsPerApplication: 30,
  scan: {
    memoryGB: 1,
    seconds: 0.5,
    secondsPer1000Objects: 0.2,
    /** Once a day each object is dry-run, whatever its version. */
    fullCheckSecondsPer1000Objects: 3,
    /** The application's record, and what is known of its drift. */
    readsPerApplication: 2,
    readsPerCluster: 2,
    /** The right to scan, and what was found. */
    writesPerCluster: 6,
    putsPerCluster: 1,
    getsPerCluster: 1,
    logBytes: 2_000,
  },
  sweep: {
    everySeconds: 300,
    memoryGB: 0.5,
    seconds: 1,
    /** Sixteen Git servers are asked at once. */
    secondsPerApplication: 0.01,
    /** The application's record, and its newest operation. */
    readsPerApplication: 2,
    reads: 3,
    logBytes: 2_000,
  },
  deployment: {
    webhook: { memoryGB: 0.5, seconds: 0.4 },
    /** Most of it is the watch over the rollout. */
    sync: { memoryGB: 1, seconds: 12 },
    render: { memoryGB: 2, seconds: 2 },
    invocations: 5,
    /** Twice what is counted in one of 30 objects that are healthy at once: rollouts take longer, and have several stages. */
    durableOperations: 14,
    writes: 70,
    reads: 10,
    puts: 4,
    gets: 6,
    logBytes: 20_000,
  },
  standing: {
    metrics: 9,
    /** Twelve, of which two look at eight functions each: an alarm costs as many times as it has metrics. */
    alarmedMetrics: 26,
    dashboards: 1,
    secrets: 2,
    keys: 1,
    kBPerApplication: 100,
  },
} as const;
