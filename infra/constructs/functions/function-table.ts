import { Duration } from 'aws-cdk-lib';
import type { FunctionName } from '../../../lib/config/env-names.ts';

/** What distinguishes one function from the others. */
export type FunctionRow = {
  readonly description: string;
  readonly memorySize: number;
  readonly timeout: Duration;
  /** `events` are asynchronous, are retried, and finally become dead letters; the caller of `calls` waits for the result. */
  readonly takes: 'calls' | 'events';
};

/** Each function, with the reasons for its settings. */
export const FUNCTION_TABLE: Readonly<Record<FunctionName, FunctionRow>> = {
  // The HTTP API waits 30 seconds.
  webhook: {
    description: 'Verifies deliveries and starts operations',
    memorySize: 512,
    timeout: Duration.seconds(29),
    takes: 'calls',
  },
  // One invocation of an operation that may take many; what it waits for costs nothing.
  sync: {
    description: 'Runs operations as durable executions',
    memorySize: 1024,
    timeout: Duration.minutes(15),
    takes: 'events',
  },
  // The tools need memory; the caller waits 130 seconds.
  render: { description: 'Runs kustomize and helm', memorySize: 2048, timeout: Duration.seconds(120), takes: 'calls' },
  drift: {
    description: 'Scans clusters for drift and corrects it',
    memorySize: 1024,
    timeout: Duration.minutes(5),
    takes: 'events',
  },
  sweep: {
    description: 'Follows the configuration, and finds commits without a webhook',
    memorySize: 512,
    timeout: Duration.minutes(5),
    takes: 'events',
  },
  // It waits for the drift function.
  alarm: {
    description: 'Rolls back deployments after an alarm',
    memorySize: 512,
    timeout: Duration.minutes(6),
    takes: 'events',
  },
  // The HTTP API waits 30 seconds.
  api: {
    description: 'Serves the API',
    memorySize: 512,
    timeout: Duration.seconds(29),
    takes: 'calls',
  },
  // The HTTP API waits 30 seconds; a tree of many pods needs memory.
  inspect: {
    description: 'Shows live objects, logs and events',
    memorySize: 1024,
    timeout: Duration.seconds(29),
    takes: 'calls',
  },
  worker: {
    description: 'Forwards requests to private API servers',
    memorySize: 512,
    timeout: Duration.seconds(45),
    takes: 'calls',
  },
};
