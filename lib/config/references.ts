// What only shows when all documents are seen together. In: every document with a known kind, also one whose own fields are wrong, so that
// all problems are reported together. Out: problems: names taken twice, references to nothing, applications outside of their project's limits.
import type { ConfigProblem } from '../model/config-problem.ts';
import type { Project } from '../model/configuration.ts';
import { matchesGlob } from '../model/glob.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import { type ConfigDocument, type FieldPath, textAt } from './document.ts';
import { problemAt } from './explain.ts';
import type { Kind } from './kinds.ts';
import { DEFAULT_PROJECT, LOCAL_CLUSTER } from './schema/application.ts';
import { quote } from './schema/fields.ts';
import { suggest } from './suggest.ts';

/** A document whose kind is known. */
export type KindDocument = ConfigDocument & { readonly kind: Kind };

const NAME = ['metadata', 'name'];
const REPO = ['spec', 'source', 'repo'];
const PROJECT = ['spec', 'project'];
const CLUSTER = ['spec', 'destination', 'cluster'];
const NAMESPACE = ['spec', 'destination', 'namespace'];

/** Checks the documents against each other; `projects` are those that are valid themselves. */
export function checkReferences(
  documents: readonly KindDocument[],
  projects: readonly Project[],
): readonly ConfigProblem[] {
  const applications = documents.filter(({ kind }) => kind === 'Application');
  return [
    ...repeated(documents, ['metadata', 'name'], ({ kind, name }) => `${kind}/${name}`),
    ...repeated(documents, ['spec', 'url'], ({ name: url }) => normalizeRepoUrl(url)),
    ...repeated(documents, ['spec', 'host'], ({ name: host }) => host.toLowerCase()),
    ...unknownNames(applications, PROJECT, ['Project', DEFAULT_PROJECT], documents),
    ...unknownNames(applications, CLUSTER, ['Cluster', LOCAL_CLUSTER], documents),
    ...applications.flatMap((app) => outsideProject(app, projects)),
  ];
}

function repeated(
  documents: readonly KindDocument[],
  path: FieldPath,
  keyOf: (named: { readonly kind: Kind; readonly name: string }) => string | undefined,
): readonly ConfigProblem[] {
  const first = new Map<string, KindDocument>();
  return documents.flatMap((document) => {
    const name = textAt(document, path);
    const key = name === undefined ? undefined : keyOf({ kind: document.kind, name });
    if (key === undefined) return [];
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, document);
    if (earlier === undefined) return [];
    const place = `${earlier.file}:${earlier.lineOf(path)}`;
    return [problemAt(document, path, `${quote(key)} is already declared at ${place}; remove one of them`)];
  });
}

function unknownNames(
  applications: readonly KindDocument[],
  path: FieldPath,
  [kind, implicit]: readonly [Kind, string],
  documents: readonly KindDocument[],
): readonly ConfigProblem[] {
  const declared = documents.filter((document) => document.kind === kind).map((document) => textAt(document, NAME));
  const known = [implicit, ...declared.filter((name) => name !== undefined)];
  return applications.flatMap((app) => {
    const name = textAt(app, path) ?? implicit;
    if (known.includes(name)) return [];
    const meant = suggest(name, known);
    const remedy =
      meant === undefined ? `declare it as kind: ${kind}` : `write ${meant}, or declare it as kind: ${kind}`;
    return [problemAt(app, path, `${kind} ${quote(name)} is not declared; ${remedy}`)];
  });
}

function outsideProject(app: KindDocument, projects: readonly Project[]): readonly ConfigProblem[] {
  const name = textAt(app, PROJECT) ?? DEFAULT_PROJECT;
  const project = projects.find((candidate) => candidate.name === name);
  if (project === undefined) return [];
  return [...repoOutside(app, project), ...destinationOutside(app, project)];
}

function repoOutside(app: KindDocument, { name, sourceRepos }: Project): readonly ConfigProblem[] {
  const repo = normalizeRepoUrl(textAt(app, REPO) ?? '');
  // A glob is brought to the form of the key it is compared with; those without host or scheme are no addresses.
  const allowed = sourceRepos.map((glob) => normalizeRepoUrl(glob) ?? glob.toLowerCase().replace(/^https?:\/\//, ''));
  if (repo === undefined || allowed.some((glob) => matchesGlob(glob, repo))) return [];
  return [problemAt(app, REPO, `is not allowed in project ${quote(name)}; add it to the project's spec.sourceRepos`)];
}

function destinationOutside(app: KindDocument, { name, destinations }: Project): readonly ConfigProblem[] {
  const cluster = textAt(app, CLUSTER) ?? LOCAL_CLUSTER;
  const namespace = textAt(app, NAMESPACE);
  if (namespace === undefined) return [];
  const isAllowed = destinations.some(
    (globs) => matchesGlob(globs.cluster, cluster) && matchesGlob(globs.namespace, namespace),
  );
  if (isAllowed) return [];
  const subject = `namespace ${quote(namespace)} of cluster ${quote(cluster)}`;
  const message = `${subject} is not allowed in project ${quote(name)}; add it to the project's spec.destinations`;
  return [problemAt(app, ['spec', 'destination'], message)];
}
