// Discovery tells which kinds the server keeps no objects of: those without the verb `list`.
import type { Answer } from '../../fakes/api-server.ts';
import { openFake } from './fake-cluster.ts';

const resource = (plural: string, kind: string, verbs?: readonly string[] | null) => ({
  resource: plural,
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  ...(verbs !== undefined && { verbs }),
});

const named = (name: string, kind: string, verbs?: readonly string[] | null) => ({
  name,
  kind,
  namespaced: true,
  ...(verbs !== undefined && { verbs }),
});

const CASES = [
  ['that is only answered', ['create'], true],
  ['that can be read one by one', ['get', 'create'], true],
  ['with a list', ['create', 'get', 'list', 'patch'], undefined],
  ['without verbs', [], undefined],
  ['with null for its verbs', null, undefined],
  ['whose verbs are not told', undefined, undefined],
] as const;

test.each(CASES)('R8: a kind %s, in aggregated discovery', async (_case, verbs, unlistable) => {
  const version = { version: 'v1', freshness: 'Current', resources: [resource('bindings', 'Binding', verbs)] };
  const body = { kind: 'APIGroupDiscoveryList', items: [{ metadata: {}, versions: [version] }] };
  const { cluster } = await openFake(({ path }) => ({
    body: path === '/api' ? body : { kind: 'APIGroupDiscoveryList', items: [] },
  }));
  expect((await cluster.kind('v1', 'Binding'))?.unlistable).toBe(unlistable);
});

test.each(CASES)('R8: a kind %s, in the old form of discovery', async (_case, verbs, unlistable) => {
  const answers: Readonly<Record<string, Answer>> = {
    '/api': { body: { kind: 'APIVersions', versions: ['v1'] } },
    '/apis': { body: { kind: 'APIGroupList', groups: [] } },
    '/api/v1': { body: { kind: 'APIResourceList', resources: [named('bindings', 'Binding', verbs)] } },
  };
  const { cluster } = await openFake(({ path }) => answers[path] ?? { status: 404, body: '' });
  expect((await cluster.kind('v1', 'Binding'))?.unlistable).toBe(unlistable);
});
