import type { Application, Destination, DriftMode } from './application.ts';
import type { HealthRule } from './health-rule.ts';

/** Globs for an object's group, kind and name; all of them must match. */
export type KindRule = { readonly group: string; readonly kind: string; readonly name: string };

/** Kinds that a project permits; what `deny` matches, it permits in no case. */
export type KindRules = { readonly allow?: readonly KindRule[]; readonly deny?: readonly KindRule[] };

/**
 * Limits for applications. A list permits what one of its entries matches; `*` stands for all but `/`, `**` for everything, and what an entry with `!`
 * names is denied whatever the others permit.
 */
export type Project = {
  readonly name: string;
  readonly description?: string;
  readonly sourceRepos: readonly string[];
  /** Globs for the cluster's name and the namespace; both of one entry must match. */
  readonly destinations: readonly Destination[];
  /** Kinds without a namespace; without `allow`, none is permitted. */
  readonly clusterResources?: KindRules;
  /** Kinds in a namespace; without `allow` all are permitted, with an empty one none. */
  readonly namespaceResources?: KindRules;
  /** For its applications that do not say what is to be done about drift. */
  readonly drift?: { readonly mode: DriftMode };
};

/** How a cluster is reached; exactly one of kubeconfig and eks is set, but for `local`, which may have neither. */
export type ClusterDeclaration = {
  readonly name: string;
  readonly kubeconfig?: { readonly context: string };
  readonly eks?: {
    readonly name: string;
    readonly region: string;
    /** A role to assume first, for a cluster in another account. */
    readonly roleArn?: string;
    readonly externalId?: string;
    /** Whether its API server is reached from within its VPC only, through the worker function there. */
    readonly private?: boolean;
  };
  /** How its objects are judged; of several rules for an object the first one counts. */
  readonly health?: readonly HealthRule[];
};

/**
 * A repository, or all repositories of a host, that need credentials, by the name of the secret that holds them. Exactly one of url and host is set; a
 * repository's own declaration goes before its host's.
 */
export type Repository = {
  readonly name: string;
  readonly url?: string;
  /** `github.com`, or `git.example.com:8443`. */
  readonly host?: string;
  readonly credentials: { readonly secret: string };
};

/** Everything that a configuration folder declares. */
export type Configuration = {
  readonly applications: readonly Application[];
  readonly projects: readonly Project[];
  readonly clusters: readonly ClusterDeclaration[];
  readonly repositories: readonly Repository[];
};
