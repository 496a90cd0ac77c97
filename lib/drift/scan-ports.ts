import type { Clusters } from '../ports/cluster.ts';
import type { Outbox } from '../ports/events.ts';
import type { Projects } from '../ports/projects.ts';
import type { Clock, Log, Metrics } from '../ports/runtime.ts';
import type { Blobs, StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import type { ScanMemory } from './unchanged-index.ts';

/** The outside world of a scan for drift. */
export type DriftPorts = {
  readonly clusters: Clusters;
  readonly projects: Projects;
  readonly state: StateStore;
  readonly blobs: Blobs;
  readonly operations: Operations;
  readonly outbox: Outbox;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** The deployer's own identity. */
  readonly deployer: string;
  /** The indexes that scans of this process keep in memory; without it, each scan reads them from the blob store. */
  readonly memory?: ScanMemory;
};

export type ScanOptions = {
  /** On the monotonic clock: no application is compared after it; the next scan continues there. */
  readonly deadlineMs?: number;
  /** Names of the clusters to scan; all that applications are deployed to where it is absent. */
  readonly clusters?: readonly string[];
};

/** How the scan of one cluster went: `busy` where another scan is running, `partial` where the scan ran out of time. */
export type ClusterScan = {
  readonly cluster: string;
  readonly status: 'scanned' | 'partial' | 'unreachable' | 'busy' | 'failed';
  readonly reason?: string;
  readonly applications: number;
  readonly applicationsDrifted: number;
  readonly objectsDrifted: number;
  readonly orphans: number;
  /** Corrections that were requested. */
  readonly corrections: number;
  readonly ms: number;
};

export type ScanSummary = { readonly scan: string; readonly ms: number; readonly clusters: readonly ClusterScan[] };
