// What is read of live objects beside what deployments read.
import type { Cluster } from './cluster.ts';

/** One container's log, or a part of it. */
export type LogQuery = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the container's former instance. */
  readonly previous?: boolean;
  /** ISO 8601; the server knows whole seconds. */
  readonly sinceTime?: string;
  readonly tailLines?: number;
  /** The first bytes of what is asked for; the last line may be cut. */
  readonly limitBytes: number;
};

export type LogRead =
  /** Each line begins with its time. */
  | { readonly status: 'read'; readonly text: string }
  /** The container has not started, has no former instance, or its node does not answer: the server's words. */
  | { readonly status: 'unavailable'; readonly message: string };

/** An API server whose pods' logs can be read. Reads are the deployer's own. */
export interface InspectedCluster extends Pick<Cluster, 'uid' | 'kind' | 'list' | 'get'> {
  podLog(query: LogQuery): Promise<LogRead>;
}

export interface InspectedClusters {
  inspect(name: string): Promise<InspectedCluster>;
}
