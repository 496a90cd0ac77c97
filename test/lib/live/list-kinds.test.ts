import { DriftlessError } from '../../../lib/errors.ts';
import { listKinds } from '../../../lib/live/list-kinds.ts';
import type { ListQuery, ServedKind } from '../../../lib/model/cluster-api.ts';

const configMap: ServedKind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const node: ServedKind = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false };

/** A server that lets nobody list all namespaces at once. */
function roleOnly(allowed: readonly string[]) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    list: async ({ kind, namespace }: ListQuery) => {
      asked.push(namespace);
      if (namespace === undefined || !allowed.includes(namespace))
        throw new DriftlessError('ClusterAccessDenied', `list ${kind.plural} in ${namespace ?? 'all namespaces'}`);
      const object = { apiVersion: 'v1', kind: kind.kind, metadata: { name: 'one', namespace } };
      return { items: [object], resourceVersion: `version of ${namespace}` };
    },
  };
}

const query = { labelSelector: 'app', content: 'metadata' } as const;

test('where all namespaces at once are forbidden, each is listed, and can be watched from there', async () => {
  const cluster = roleOnly(['a', 'b']);
  const { objects, lists } = await listKinds(cluster, { ...query, kinds: [configMap], namespaces: ['a', 'b'] });
  expect([...objects.values()].map(({ metadata }) => metadata.namespace)).toEqual(['a', 'b']);
  expect(lists).toEqual([
    { kind: configMap, namespace: 'a', resourceVersion: 'version of a' },
    { kind: configMap, namespace: 'b', resourceVersion: 'version of b' },
  ]);
});

test('the only namespace is listed at once', async () => {
  const cluster = roleOnly(['a']);
  await listKinds(cluster, { ...query, kinds: [configMap], namespaces: ['a'] });
  expect(cluster.asked).toEqual(['a']);
});

test.each([
  ['one of the namespaces is forbidden', configMap, ['a', 'c'], 'list configmaps in c'],
  ['the kind has no namespaces', node, ['a', 'b'], 'list nodes in all namespaces'],
])('nothing looks absent where %s', async (_what, kind, namespaces, message) => {
  await expect(listKinds(roleOnly(['a', 'b']), { ...query, kinds: [kind], namespaces })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message,
  });
});
