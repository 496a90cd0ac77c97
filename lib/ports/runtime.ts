// The process that a part runs in: its log, its clock, its metrics, its secrets.
import type { GitCredentials } from '../model/git-credentials.ts';

/** The fields of a log line beside its constant sentence, which alone is called `message`. */
type LogFields = Readonly<Record<string, unknown>> & { readonly message?: never };

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  bind(fields: LogFields): Log;
}

export interface Clock {
  /** Milliseconds since 1970, for records. */
  now(): number;
  /** Milliseconds that never jump, for deadlines and durations. */
  monotonic(): number;
  /** Ends early, without an error, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Aggregates over all applications; never one metric per application, since each costs. Names carry their units. */
export type MetricName =
  | 'applicationsDrifted'
  | 'objectsDrifted'
  | 'scanAgeSeconds'
  | 'scanSeconds'
  | 'clustersUnreachable'
  | 'applicationsDegraded'
  | 'syncsFailed'
  | 'syncSeconds'
  | 'webhookSignatureFailures';

export interface Metrics {
  put(values: Readonly<Partial<Record<MetricName, number>>>): void;
}

export interface Secrets {
  /** All secrets that may sign a delivery, newest first; empty means that the endpoint is off. `refresh`: the cached ones did not match. */
  webhookSecrets(forge: string, options?: { readonly refresh?: boolean }): Promise<readonly string[]>;
  /** Credentials for a repository; sent to its own host only. `refresh`: the cached ones were refused. */
  gitCredentials(repo: string, options?: { readonly refresh?: boolean }): Promise<GitCredentials | undefined>;
}
