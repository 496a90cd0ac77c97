import type { ClusterDeclaration, Project } from '../model/configuration.ts';

/** What the newest configuration declares for applications: their limits, and how the objects in their clusters are judged. */
export type DeclaredProjects = {
  readonly projects: readonly Project[];
  readonly clusters: readonly Pick<ClusterDeclaration, 'name' | 'health'>[];
  /** When the configuration changed last, in milliseconds since 1970. */
  readonly changedAt: number;
};

export interface Projects {
  declared(): Promise<DeclaredProjects>;
}
