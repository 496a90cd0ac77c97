// In: an application's project, and an address, a destination or an object. Out: why the project does not permit it, with the lines that would; undefined
// where it does. The semantics are those of Argo CD's AppProject: no match is a denial, and `!` and deny lists win.
import type { Destination } from '../model/application.ts';
import type { KindRule, KindRules, Project } from '../model/configuration.ts';
import type { ObjectId } from '../model/kube-object.ts';
import { matchesPathGlob } from '../model/path-glob.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';

/** A glob and the value that it is held against. */
type Match = readonly [glob: string, value: string];

/** Why a repository is not permitted. */
export function sourceProblem({ name, sourceRepos }: Project, repo: string): string | undefined {
  const key = normalizeRepoUrl(repo);
  const value = key ?? repo.toLowerCase();
  // The key has neither user nor password, which an address may have.
  const entries = sourceRepos.map((glob): readonly Match[] => [[normalizedGlob(glob), value]]);
  const denied = entries.find(isDenial);
  if (denied !== undefined)
    return `Project/${name} denies the repository; remove ${quoted(denied[0]?.[0])} from its spec.sourceRepos`;
  if (entries.some(isMatch)) return undefined;
  return `Project/${name} does not permit the repository; add to its spec.sourceRepos: - ${key === undefined ? 'its address' : `https://${key}`}`;
}

/**
 * Why an application may not have Kustomize fetch remote bases: it fetches what they lead to by itself, so that nothing of it can be held against
 * `sourceRepos`. Only a project that permits every repository has nothing to hold.
 */
export function remoteBasesProblem({ name, sourceRepos }: Project): string | undefined {
  const permitsAll = sourceRepos.some((glob) => glob === '*' || glob === '**');
  if (permitsAll && !sourceRepos.some((glob) => glob.startsWith('!'))) return undefined;
  return `Project/${name} limits spec.sourceRepos, and what remote bases lead to cannot be held against that; copy the bases into the repository, and remove spec.source.kustomize.allowRemoteBases`;
}

/** Why a namespace of a cluster is not permitted. */
export function destinationProblem({ name, destinations }: Project, target: Destination): string | undefined {
  const entries = destinations.map(({ cluster, namespace }): readonly Match[] => [
    [cluster, target.cluster],
    [namespace, target.namespace],
  ]);
  const subject = `namespace ${quoted(target.namespace)} of cluster ${quoted(target.cluster)}`;
  const denied = entries.find(isDenial)?.find(isDenied);
  if (denied !== undefined)
    return `Project/${name} denies ${subject}; remove ${quoted(denied[0])} from its spec.destinations`;
  if (entries.some(isMatch)) return undefined;
  const line = `{cluster: ${target.cluster}, namespace: ${target.namespace}}`;
  return `Project/${name} does not permit ${subject}; add to its spec.destinations: - ${line}`;
}

/** Why an object is not permitted; one without a namespace is cluster-scoped. */
export function objectProblem(project: Project, cluster: string, id: ObjectId): string | undefined {
  const { namespace } = id;
  if (namespace === undefined) {
    const { allow = [], deny } = project.clusterResources ?? {};
    return kindProblem(project, { field: 'clusterResources', allow, deny }, id);
  }
  const { allow, deny } = project.namespaceResources ?? {};
  return (
    destinationProblem(project, { cluster, namespace }) ??
    kindProblem(project, { field: 'namespaceResources', allow, deny }, id)
  );
}

type Rules = { readonly field: string; readonly allow: KindRules['allow']; readonly deny: KindRules['deny'] };

function kindProblem({ name }: Project, { field, allow, deny = [] }: Rules, id: ObjectId): string | undefined {
  const scope = field === 'clusterResources' ? 'cluster-scoped ' : '';
  const subject = `the ${scope}kind ${kindText(id)}`;
  const matches = ({ group, kind, name: object }: KindRule): readonly Match[] => [
    [group, id.group],
    [kind, id.kind],
    [object, id.name],
  ];
  const denying = deny.find((rule) => isMatch(matches(rule))) ?? (allow ?? []).find((rule) => isDenial(matches(rule)));
  if (denying !== undefined)
    return `Project/${name} denies ${subject}; remove ${ruleText(denying)} from its spec.${field}`;
  if (allow === undefined || allow.some((rule) => isMatch(matches(rule)))) return undefined;
  const line = `{group: ${id.group === '' ? "''" : id.group}, kind: ${id.kind}}`;
  return `Project/${name} does not permit ${subject}; add to its spec.${field}.allow: - ${line}`;
}

/** Why no application may write an object: one that wrote the bindings of projects could give itself the rights of another one. */
export function reservedProblem({ group, kind, name: object }: ObjectId): string | undefined {
  const isReserved = group === 'rbac.authorization.k8s.io' && /:projects?(?::|$)/.test(object);
  if (!isReserved) return undefined;
  return `no project permits ${kind} ${quoted(object)}: its name is that of a project's rights; choose another name`;
}

function isMatch(entry: readonly Match[]): boolean {
  return entry.every((match) => fits(match));
}

function isDenial(entry: readonly Match[]): boolean {
  return entry.some(isDenied);
}

function isDenied(match: Match): boolean {
  return match[0].startsWith('!') && !fits(match);
}

function fits([glob, value]: Match): boolean {
  if (glob.startsWith('!')) return !fits([glob.slice(1), value]);
  return glob === '*' || matchesPathGlob(glob, value);
}

/** A glob in the form of the key that it is held against; one without host or scheme is no address, and stays. */
function normalizedGlob(glob: string): string {
  if (glob.startsWith('!')) return `!${normalizedGlob(glob.slice(1))}`;
  return normalizeRepoUrl(glob) ?? glob.toLowerCase().replace(/^https?:\/\//, '');
}

function kindText({ group, kind }: ObjectId): string {
  return group === '' ? kind : `${kind} of ${group}`;
}

function ruleText({ group, kind, name }: KindRule): string {
  return `{group: ${quoted(group)}, kind: ${quoted(kind)}, name: ${quoted(name)}}`;
}

function quoted(text = ''): string {
  return JSON.stringify(text);
}
