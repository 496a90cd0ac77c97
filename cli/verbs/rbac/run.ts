import { suggest } from '../../../lib/config/suggest.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import { projectRights } from '../../../lib/projects/project-rights.ts';
import { formatObjects } from '../../../lib/projects/rbac-object.ts';
import { readConfig, validConfig } from '../../dev/config/config-folder.ts';
import { EXIT } from '../../text/output.ts';
import { type ReadersOptions, readersRights } from './readers.ts';

export type RbacOptions = ReadersOptions & {
  readonly config: string;
  readonly project?: string;
  readonly readers?: boolean;
};

/** `rbac`: prints the rights of projects in a cluster, and the deployer's to act for them. */
export async function rbac({ config, project, readers = false, ...options }: RbacOptions): Promise<number> {
  const { cluster, name } = options;
  const configuration = validConfig(await readConfig(config));
  if (readers) {
    process.stdout.write(formatObjects(await readersRights(configuration, options)));
    return EXIT.ok;
  }
  const { projects } = configuration;
  const chosen = project === undefined ? projects : [named(projects, project)];
  process.stdout.write(formatObjects(chosen.flatMap((one) => projectRights(one, name, cluster))));
  return EXIT.ok;
}

function named(projects: readonly Project[], name: string): Project {
  const found = projects.find((one) => one.name === name);
  if (found !== undefined) return found;
  const meant = suggest(
    name,
    projects.map((one) => one.name),
  );
  const remedy = meant === undefined ? 'declare it as kind: Project' : `write ${meant}`;
  throw new DriftlessError('UsageInvalid', `--project ${JSON.stringify(name)}: is not declared; ${remedy}`);
}
