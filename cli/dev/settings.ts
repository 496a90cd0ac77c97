import { DriftlessError } from '../../lib/errors.ts';
import type { Configuration } from '../../lib/model/configuration.ts';
import { type ProjectUser, projectUser } from '../../lib/model/project-user.ts';
import { repositoryFor } from '../../lib/model/repository-for.ts';
import type { Cluster, Clusters } from '../../lib/ports/cluster.ts';
import type { InspectedCluster, InspectedClusters } from '../../lib/ports/inspect.ts';
import type { Projects } from '../../lib/ports/projects.ts';
import type { Secrets } from '../../lib/ports/runtime.ts';
import type { KubeconfigSource } from '../kubeconfig/kubeconfig.ts';
import type { LocalSecrets } from './secrets-file.ts';

/** A client that has connections to give back, and that can write as another user. */
export type OpenCluster = Cluster &
  Pick<InspectedCluster, 'podLog'> & { as(user: ProjectUser): Cluster; close(): Promise<void> };

type SettingsOptions = {
  readonly secrets: LocalSecrets;
  /** How the cluster `local` is reached; the others are contexts of the same kubeconfig. */
  readonly kubeconfig: () => KubeconfigSource;
  readonly openCluster: (source: KubeconfigSource) => Promise<OpenCluster>;
};

/** What the users of projects are named after, where there is no stack with a name. */
export const DEPLOYER = 'driftless';

/** What the configuration says beyond applications; replaced as a whole when it is read again. */
export class Settings {
  readonly #options: SettingsOptions;
  /** By connection: a Cluster whose declaration changes is opened again. */
  readonly #open = new Map<string, Promise<OpenCluster>>();
  #config: Omit<Configuration, 'applications'> = { clusters: [], repositories: [], projects: [] };
  #changedAt = 0;

  constructor(options: SettingsOptions) {
    this.#options = options;
  }

  use(config: Configuration, now: number): void {
    this.#config = config;
    this.#changedAt = now;
  }

  readonly clusters: Clusters & InspectedClusters = {
    inspect: (name) => this.#openKept(name),
    open: async (name, project) => {
      const cluster = await this.#openKept(name);
      return project === undefined ? cluster : cluster.as(projectUser(DEPLOYER, project.name));
    },
  };

  readonly projects: Projects = {
    declared: async () => ({
      projects: this.#config.projects,
      clusters: this.#config.clusters,
      changedAt: this.#changedAt,
    }),
  };

  readonly secrets: Secrets = {
    webhookSecrets: async (forge) => this.#options.secrets.webhooks[forge] ?? [],
    gitCredentials: async (repo) => {
      const declared = repositoryFor(this.#config.repositories, repo);
      if (declared === undefined) return undefined;
      const found = this.#options.secrets.repositories[declared.credentials.secret];
      if (found !== undefined) return found;
      throw new DriftlessError(
        'GitAccessDenied',
        `Repository/${declared.name}: secret "${declared.credentials.secret}" is not in the secrets file; add it under repositories`,
      );
    },
  };

  async close(): Promise<void> {
    for (const cluster of this.#open.values()) await (await cluster).close();
  }

  #openKept(name: string): Promise<OpenCluster> {
    const source = this.#sourceOf(name);
    const key = JSON.stringify(source);
    const known = this.#open.get(key) ?? this.#options.openCluster(source);
    this.#open.set(key, known);
    known.catch(() => this.#open.delete(key));
    return known;
  }

  #sourceOf(name: string): KubeconfigSource {
    const declared = this.#config.clusters.find((cluster) => cluster.name === name);
    const base = this.#options.kubeconfig();
    if (declared?.kubeconfig !== undefined) return { ...base, context: declared.kubeconfig.context };
    if (declared === undefined || declared.eks === undefined) return base;
    throw new DriftlessError(
      'ClusterNotConfigured',
      `Cluster/${name}: an EKS cluster is reached on AWS only; give it kubeconfig.context here`,
    );
  }
}
