// What only shows when all documents are seen together. In: every document with a known kind, also one whose own fields are wrong, so that
// all problems are reported together. Out: problems: names taken twice, references to nothing; apart from them, applications outside of their project's limits.
import type { ConfigProblem } from '../model/config-problem.ts';
import type { Project } from '../model/configuration.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import { DEFAULT_PROJECT } from '../projects/limits.ts';
import { destinationProblem, remoteBasesProblem, sourceProblem } from '../projects/permissions.ts';
import { type ConfigDocument, type FieldPath, flagAt, textAt } from './document.ts';
import { problemAt } from './explain.ts';
import type { Kind } from './kinds.ts';
import { LOCAL_CLUSTER, RENAMED_FROM } from './schema/application.ts';
import { quote } from './schema/fields.ts';
import { suggest } from './suggest.ts';

/** A document whose kind is known. */
export type KindDocument = ConfigDocument & { readonly kind: Kind };

const NAME = ['metadata', 'name'];
const FORMER_NAME = ['metadata', 'annotations', RENAMED_FROM];
const REPO = ['spec', 'source', 'repo'];
const REMOTE_BASES = ['spec', 'source', 'kustomize', 'allowRemoteBases'];
const PROJECT = ['spec', 'project'];
const DESTINATION = ['spec', 'destination'];
const CLUSTER = ['spec', 'destination', 'cluster'];
const NAMESPACE = ['spec', 'destination', 'namespace'];

/** Checks the documents against each other. */
export function checkReferences(documents: readonly KindDocument[]): readonly ConfigProblem[] {
  const applications = documents.filter(({ kind }) => kind === 'Application');
  return [
    ...repeated(documents, ['metadata', 'name'], ({ kind, name }) => `${kind}/${name}`),
    ...repeated(documents, ['spec', 'url'], ({ name: url }) => normalizeRepoUrl(url)),
    ...repeated(documents, ['spec', 'host'], ({ name: host }) => host.toLowerCase()),
    ...unknownNames(applications, PROJECT, ['Project', DEFAULT_PROJECT], documents),
    ...unknownNames(applications, CLUSTER, ['Cluster', LOCAL_CLUSTER], documents),
    ...renamedFromPresent(applications),
    ...repeated(applications, FORMER_NAME, ({ name }) => name),
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

/** A former name that is still, or again, that of an application: which one the objects are of would depend on the order. */
function renamedFromPresent(applications: readonly KindDocument[]): readonly ConfigProblem[] {
  const present = new Set(applications.map((app) => textAt(app, NAME)));
  return applications.flatMap((app) => {
    const former = textAt(app, FORMER_NAME);
    if (former === undefined || !present.has(former)) return [];
    return [
      problemAt(
        app,
        FORMER_NAME,
        `Application ${quote(former)} is still declared; remove it, or remove the annotation`,
      ),
    ];
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

/** Applications whose repository or destination their project does not permit: they fail alone, so that they are no problem of the others. */
export function outsideProjects(
  documents: readonly KindDocument[],
  projects: readonly Project[],
): readonly ConfigProblem[] {
  return documents
    .filter(({ kind }) => kind === 'Application')
    .flatMap((app) => {
      const name = textAt(app, PROJECT) ?? DEFAULT_PROJECT;
      const project = projects.find((candidate) => candidate.name === name);
      return project === undefined ? [] : outsideProject(app, project);
    });
}

function outsideProject(app: KindDocument, project: Project): readonly ConfigProblem[] {
  const [repo, namespace] = [textAt(app, REPO), textAt(app, NAMESPACE)];
  const cluster = textAt(app, CLUSTER) ?? LOCAL_CLUSTER;
  const source = repo === undefined ? undefined : sourceProblem(project, repo);
  const bases = flagAt(app, REMOTE_BASES) ? remoteBasesProblem(project) : undefined;
  const place = namespace === undefined ? undefined : destinationProblem(project, { cluster, namespace });
  return [
    ...(source === undefined ? [] : [problemAt(app, REPO, source)]),
    ...(bases === undefined ? [] : [problemAt(app, REMOTE_BASES, bases)]),
    ...(place === undefined ? [] : [problemAt(app, DESTINATION, place)]),
  ];
}
