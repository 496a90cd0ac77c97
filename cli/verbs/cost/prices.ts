/** List prices in USD, without free tiers and discounts. Other regions differ by up to a third. */
export const PRICES = {
  region: 'us-east-1',
  date: '2026-09',
  /** A GB-second. */
  lambdaArm: 0.0000133334,
  lambdaX86: 0.0000166667,
  lambdaRequest: 0.2e-6,
  durableOperation: 8e-6,
  /** A request unit: a write of 1 kB (two in a transaction), a consistent read of 4 kB. */
  tableWrite: 0.625e-6,
  tableRead: 0.125e-6,
  /** A GB and month. */
  tableStorage: 0.25,
  bucketPut: 5e-6,
  bucketGet: 0.4e-6,
  httpRequest: 1e-6,
  schedule: 1e-6,
  /** A GB, taken in. */
  logs: 0.5,
  trace: 5e-6,
  /** Each a month. */
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  secret: 0.4,
  key: 1,
  /** Each an hour. */
  argoCapability: 0.02771,
  argoCapabilityApplication: 0.00136,
  /** A node of two cores and 8 GB, m7g.large. */
  node: 0.0816,
  controlPlane: 0.1,
} as const;

export const HOURS_A_MONTH = 730;
