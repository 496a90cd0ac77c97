// In: an application and its project. Out: what of it the project does not permit, all of it at once.
import type { Application } from '../model/application.ts';
import type { Refusal } from '../model/change-set.ts';
import type { Project } from '../model/configuration.ts';
import type { ObjectId } from '../model/kube-object.ts';
import { stableHash } from '../model/stable-hash.ts';
import {
  destinationProblem,
  objectProblem,
  remoteBasesProblem,
  reservedProblem,
  sourceProblem,
} from './permissions.ts';

type RepositoryPermit = { readonly key: string; readonly problem: (repo: string) => string | undefined };

/** The project that exists without being declared, and permits everything then. */
export const DEFAULT_PROJECT = 'default';

/** Why an application may not be deployed at all; what is wrong with its objects is found when they are known. */
export function applicationProblem(app: Application, project: Project | undefined): string | undefined {
  if (project === undefined) return undeclaredProblem(app);
  const problems = [
    ...app.sources.map(({ repo }) => sourceProblem(project, repo)),
    app.sources.some(({ kustomize }) => kustomize?.allowRemoteBases) ? remoteBasesProblem(project) : undefined,
    destinationProblem(project, app.destination),
  ];
  const found = problems.filter((problem) => problem !== undefined);
  return found.length === 0 ? undefined : `Application/${app.name}: ${found.join('; ')}`;
}

/** Holds addresses against a project's `sourceRepos`; undefined where the project is not declared, and permits everything. */
export function repositoryPermit(project: Project | undefined): RepositoryPermit | undefined {
  if (project === undefined) return undefined;
  const { name, sourceRepos } = project;
  return { key: stableHash({ name, sourceRepos }), problem: (repo) => sourceProblem(project, repo) };
}

function undeclaredProblem({ name, project }: Application): string | undefined {
  if (project === DEFAULT_PROJECT) return undefined;
  return `Application/${name}: Project/${project} is not declared; declare it as kind: Project`;
}

/** A refusal for each object that a project does not permit. */
export function objectRefusals(
  objects: readonly { readonly id: ObjectId; readonly source: string }[],
  { destination }: Pick<Application, 'destination'>,
  project: Project | undefined,
): readonly Refusal[] {
  return objects.flatMap(({ id, source }) => {
    const message = reservedProblem(id) ?? (project && objectProblem(project, destination.cluster, id));
    return message === undefined ? [] : [{ id, source, message, code: 'ProjectForbids' as const }];
  });
}

/** Splits recorded objects by whether the project still permits them; others are neither read nor deleted. */
export function withinProject<T extends ObjectId>(
  entries: readonly T[],
  { destination }: Pick<Application, 'destination'>,
  project: Project | undefined,
): { readonly inside: readonly T[]; readonly outside: readonly (readonly [T, string])[] } {
  if (project === undefined) return { inside: entries, outside: [] };
  const judged = entries.map((entry) => [entry, objectProblem(project, destination.cluster, entry)] as const);
  return {
    inside: judged.flatMap(([entry, problem]) => (problem === undefined ? [entry] : [])),
    outside: judged.flatMap(([entry, problem]) => (problem === undefined ? [] : [[entry, problem] as const])),
  };
}
