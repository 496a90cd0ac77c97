/** What the deployer writes: aggregates over all applications. */
export const OWN_METRICS = [
  'applicationsDrifted',
  'objectsDrifted',
  'scanAgeSeconds',
  'scanSeconds',
  'clustersUnreachable',
  'applicationsDegraded',
  'syncsFailed',
  'syncSeconds',
  'webhookSignatureFailures',
] as const;

export type OwnMetric = (typeof OWN_METRICS)[number];
