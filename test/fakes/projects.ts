import type { ClusterDeclaration, Project } from '../../lib/model/configuration.ts';
import type { DeclaredProjects, Projects } from '../../lib/ports/projects.ts';

/** The projects of a configuration; a test replaces them. */
export class FakeProjects implements Projects {
  projects: readonly Project[] = [];
  clusters: readonly ClusterDeclaration[] = [];
  changedAt = 0;
  /** In whose name clusters were opened. */
  readonly written = new Set<string>();

  async declared(): Promise<DeclaredProjects> {
    return { projects: this.projects, clusters: this.clusters, changedAt: this.changedAt };
  }
}
