// A project's user in namespaces where it has no rights yet: they may not have existed when the project's rights were written, or only a glob names them. In:
// writes that the project permits. Out: their answers, after the deployer itself has bound the project's role there, or has created the namespace.
import type { ApplyResult, ServedKind, WriteOptions } from '../model/cluster-api.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type ProjectUser, projectBinding } from '../model/project-user.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Clock } from '../ports/runtime.ts';
import { applyRights, missingRights } from './impersonate.ts';

type Ways = {
  /** The deployer's own. */
  readonly own: Cluster;
  /** Whose writes are the user's. */
  readonly written: Cluster;
  readonly user: ProjectUser;
  readonly clock: Clock;
};

type Rights = 'missing' | 'bound' | 'granted';

export const NAMESPACE: ServedKind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};
const ROLE: ServedKind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};
const BINDING: ServedKind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
};

/** An API server needs a moment to hear of a binding. */
const HEARD_OF_AFTER_MS = [50, 100, 200, 400, 800, 1600];

/** The cluster as a project's user writes to it. */
export function projectCluster(ways: Ways): Cluster {
  const { own, written, user } = ways;
  const asked = new Map<string, Promise<Rights>>();

  /** One question for all that meet it together; a namespace that is missing now may exist later. */
  function rightsIn(namespace: string, guard: WriteOptions['guard']): Promise<Rights> {
    const known = asked.get(namespace) ?? grant(ways, namespace, guard);
    asked.set(namespace, known);
    const forget = (): void => void asked.delete(namespace);
    known.then((rights) => rights === 'missing' && forget(), forget);
    return known;
  }

  return {
    ...written,
    apply: async (kind, object, options) => {
      const result = await written.apply(kind, object, options);
      if (!isForbidden(result)) return result;
      if (isBareNamespace(kind, object)) return own.apply(kind, object, options);
      const { namespace } = object.metadata;
      if (namespace === undefined) return explained(result, user);
      const rights = await rightsIn(namespace, options.guard);
      if (rights === 'missing') return namespaceMissing(namespace);
      const send = (): Promise<ApplyResult> => written.apply(kind, object, options);
      return explained(rights === 'granted' ? await untilHeardOf(send, isForbidden, ways.clock) : result, user);
    },
    delete: async (kind, id, options) => {
      const send = () => written.delete(kind, id, options);
      const result = await send();
      if (result.status !== 'refused' || id.namespace === undefined) return result;
      const rights = await rightsIn(id.namespace, options.guard);
      if (rights !== 'granted') return result;
      return untilHeardOf(send, ({ status }) => status === 'refused', ways.clock);
    },
  };
}

function isForbidden(result: ApplyResult): boolean {
  return result.status === 'refused' && result.reason === 'forbidden';
}

/** What `createNamespace` makes: a name and nothing else. */
function isBareNamespace({ group, kind }: ServedKind, { metadata }: KubeObject): boolean {
  return group === '' && kind === 'Namespace' && Object.keys(metadata).join() === 'name';
}

async function grant({ own, user }: Ways, namespace: string, guard: WriteOptions['guard']): Promise<Rights> {
  const existing = await own.get(NAMESPACE, { group: '', kind: 'Namespace', name: namespace });
  if (existing === undefined) return 'missing';
  if ((await own.get(ROLE, { group: ROLE.group, kind: ROLE.kind, name: user.user })) === undefined)
    throw missingRights(user, `its user "${user.user}" has no rights in the cluster`);
  const binding = projectBinding(user, namespace);
  const id = { group: BINDING.group, kind: BINDING.kind, namespace, name: user.user };
  if ((await own.get(BINDING, id)) !== undefined) return 'bound';
  const result = await own.apply(BINDING, binding, guard === undefined ? {} : { guard });
  if (result.status === 'applied') return 'granted';
  const words = result.status === 'refused' ? result.message : 'another manager owns the binding';
  throw missingRights(user, `its user cannot be given its rights in namespace "${namespace}": ${words}`);
}

async function untilHeardOf<T>(send: () => Promise<T>, isRefused: (result: T) => boolean, clock: Clock): Promise<T> {
  let result = await send();
  for (const ms of HEARD_OF_AFTER_MS) {
    if (!isRefused(result)) return result;
    await clock.sleep(ms);
    result = await send();
  }
  return result;
}

function namespaceMissing(namespace: string): ApplyResult {
  return { status: 'refused', reason: 'namespaceMissing', message: `namespaces "${namespace}" not found`, causes: [] };
}

function explained(result: ApplyResult, { project }: ProjectUser): ApplyResult {
  if (result.status !== 'refused' || result.reason !== 'forbidden') return result;
  return { ...result, message: `${result.message}, or ${applyRights(project)}`, causes: [] };
}
