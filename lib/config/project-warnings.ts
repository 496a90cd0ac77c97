// In: the documents of a configuration, its projects. Out: what a project allows or refuses although nothing says that this is meant.
import type { ConfigProblem } from '../model/config-problem.ts';
import type { Project } from '../model/configuration.ts';
import { DEFAULT_PROJECT } from '../projects/limits.ts';
import { textAt } from './document.ts';
import { problemAt } from './explain.ts';
import type { KindDocument } from './references.ts';

/** Warns of limits that are left open or closed by saying nothing. */
export function projectWarnings(
  documents: readonly KindDocument[],
  projects: readonly Project[],
): readonly ConfigProblem[] {
  return [...openDefault(documents, projects), ...closedKinds(documents, projects)];
}

/** Beside declared projects, the undeclared one is the way around them. */
function openDefault(documents: readonly KindDocument[], projects: readonly Project[]): readonly ConfigProblem[] {
  if (projects.length === 0 || projects.some(({ name }) => name === DEFAULT_PROJECT)) return [];
  const unlimited = documents.filter(
    (document) =>
      document.kind === 'Application' && (textAt(document, ['spec', 'project']) ?? DEFAULT_PROJECT) === DEFAULT_PROJECT,
  );
  const message =
    'project "default" is not declared, so that nothing limits this application; declare kind: Project with metadata.name: default, or name another project';
  return unlimited.map((app) => problemAt(app, ['spec', 'project'], message));
}

function closedKinds(documents: readonly KindDocument[], projects: readonly Project[]): readonly ConfigProblem[] {
  const silent = new Set(projects.filter((one) => one.clusterResources === undefined).map(({ name }) => name));
  const message =
    'spec.clusterResources is not set, so that cluster-scoped objects are refused; write clusterResources: {allow: []} if that is intended';
  return documents
    .filter((document) => document.kind === 'Project' && silent.has(textAt(document, ['metadata', 'name']) ?? ''))
    .map((document) => problemAt(document, ['spec'], message));
}
