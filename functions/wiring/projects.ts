import type { Projects } from '../../lib/ports/projects.ts';
import type { ConfigStore } from '../../lib/ports/store.ts';

/** The projects of the stored configuration. */
export function projectsOf(config: Pick<ConfigStore, 'current'>): Projects {
  return {
    declared: async () => {
      const current = await config.current();
      return {
        projects: current?.config.projects ?? [],
        clusters: current?.config.clusters ?? [],
        changedAt: Date.parse(current?.at ?? '') || 0,
      };
    },
  };
}
