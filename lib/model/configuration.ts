import type { Application, Destination } from './application.ts';

/** Limits for applications: each glob list allows what any of its entries matches; `*` crosses `/`. */
export type Project = {
  readonly name: string;
  readonly description?: string;
  readonly sourceRepos: readonly string[];
  /** Globs for the cluster's name and the namespace; both of one entry must match. */
  readonly destinations: readonly Destination[];
};

/** How a cluster is reached; exactly one of kubeconfig and eks is set. */
export type ClusterDeclaration = {
  readonly name: string;
  readonly kubeconfig?: { readonly context: string };
  readonly eks?: {
    readonly name: string;
    readonly region: string;
    /** A role to assume first, for a cluster in another account. */
    readonly roleArn?: string;
    readonly externalId?: string;
  };
};

/** A repository that needs credentials, by the name of the secret that holds them. */
export type Repository = {
  readonly name: string;
  readonly url: string;
  readonly credentials: { readonly secret: string };
};

/** Everything that a configuration folder declares. */
export type Configuration = {
  readonly applications: readonly Application[];
  readonly projects: readonly Project[];
  readonly clusters: readonly ClusterDeclaration[];
  readonly repositories: readonly Repository[];
};
