import { builtinKind } from '../../lib/plan/builtin-scopes.ts';
import { kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';

const kube = kubeUnderTest('builtin-scopes');

test(
  'every kind that the API server itself serves is known to be in a namespace or not',
  async () => {
    const { apiVersions } = await kube.cluster.capabilities();
    const known: string[] = [];
    const wrong: string[] = [];
    for (const name of apiVersions.filter((version) => /\/[A-Z]\w*$/.test(version))) {
      const slash = name.lastIndexOf('/');
      const [apiVersion, kind] = [name.slice(0, slash), name.slice(slash + 1)];
      const builtin = builtinKind(apiVersion, kind);
      if (builtin === undefined) continue;
      const served = await kube.kindOf({ apiVersion, kind });
      known.push(name);
      if (builtin.namespaced !== served.namespaced) wrong.push(`${name} is namespaced: ${served.namespaced}`);
    }
    expect(wrong).toEqual([]);
    expect(known).toEqual(expect.arrayContaining(['v1/Node', 'apps/v1/Deployment', 'storage.k8s.io/v1/StorageClass']));
    expect(known.length).toBeGreaterThan(50);
  },
  PATIENCE_MS,
);
