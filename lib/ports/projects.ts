import type { Project } from '../model/configuration.ts';

/** The projects that the newest configuration declares. */
export type DeclaredProjects = {
  readonly projects: readonly Project[];
  /** When the configuration changed last, in milliseconds since 1970. */
  readonly changedAt: number;
};

export interface Projects {
  declared(): Promise<DeclaredProjects>;
}
