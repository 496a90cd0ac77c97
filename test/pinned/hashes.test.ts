// Hashes and names that are compared with what is stored: another value would deploy every application again, or render it again.

import { parseConfig } from '../../lib/config/parse-config.ts';
import type { Application, Source } from '../../lib/model/application.ts';
import { operationName } from '../../lib/model/operation.ts';
import { specHash } from '../../lib/model/stored-application.ts';
import { prepareDesired } from '../../lib/plan/desired.ts';
import { renderKey } from '../../lib/sync/render/render-source.ts';
import { applicationOf } from '../lib/render/fixture.ts';

const document = (source: string, rest = '') => `apiVersion: driftless.dev/v1
kind: Application
metadata: { name: shop }
spec:
  source: { repo: https://git.test/acme/shop, ref: main, path: deploy${source} }
  destination: { cluster: prod, namespace: shop }
${rest}---
apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: prod }
spec: { kubeconfig: { context: prod } }
`;

/** The application that a configuration file means, with every default filled in. */
function parsed(text: string): Application {
  const result = parseConfig(new Map([['shop.yaml', text]]));
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('; '));
  const [app] = result.config.applications;
  if (app === undefined) throw new Error('the file has no application');
  return app;
}

test.each([
  ['a folder of manifests', document(''), '97614b085a15f1f243801101660660b8'],
  [
    'a folder with directory options',
    document(', directory: { recurse: true, exclude: "*.json" }'),
    'f8fb14706ea2c8888afa1f42c54f20c7',
  ],
  ['a kustomization', document(', kustomize: { allowRemoteBases: true }'), 'b7b32c4b61a00b62c8175dd82b58500a'],
  [
    'a chart',
    document(', helm: { valueFiles: [values.yaml, /common.yaml], values: { replicas: 3 } }'),
    'f5389dfe1986188150e45b6f2a748375',
  ],
  [
    'every option of what is done',
    document(
      '',
      `  sync: { mode: manual, prune: false, pruneProtected: [Namespace], maxPrunePercent: 20, allowEmpty: true, createNamespace: true, force: true, recreate: true, timeout: 5m }
  drift: { mode: report, ignore: [{ kind: Deployment, fields: [spec.replicas], managers: [hpa] }] }
  rollback: { alarms: [shop-5xx], bakeTime: 15m }
`,
    ),
    '642e8ac4e2bfeb7f37610e5f90eb8372',
  ],
])('the hash of an application made from %s', (_what, text, hash) => {
  expect(specHash(parsed(text))).toBe(hash);
});

const INPUTS = [
  { path: 'deploy', oid: 'a'.repeat(40) },
  { path: 'common.yaml', oid: 'b'.repeat(40) },
];
const CAPABILITIES = { version: 'v1.36.3', apiVersions: ['v1', 'apps/v1', 'apps/v1/Deployment'] };

test.each<[string, Partial<Source>, string]>([
  ['a folder of which the tool is not said', {}, '9e014e6993322d145f0596b4922dc1fe'],
  ['a folder of manifests', { directory: { recurse: true } }, '1be027c975ec46503812cea61baded0f'],
  ['a kustomization', { kustomize: { allowRemoteBases: false } }, 'c18142c89c0c1a01b80c83fd20f17dc8'],
  [
    'a chart',
    { helm: { releaseName: 'shop', valueFiles: ['values.yaml'], values: { replicas: 3 }, includeCRDs: true } },
    '9db85bf2995c0b1680aa8d8df106e34e',
  ],
])('the key of a rendering of %s', (_what, source, key) => {
  const app = applicationOf({ path: 'deploy', ...source });
  expect(renderKey({ app, inputs: INPUTS, capabilities: CAPABILITIES, toolVersions: 'tools-1' })).toBe(key);
});

test('an object that is to be applied, and the hash of it that the inventory keeps', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', labels: { tier: 'front' }, uid: 'given-by-a-server' },
    data: { value: '1' },
    status: {},
  };
  const served = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
  const target = { app: 'shop', namespace: 'store' };
  const { desired } = prepareDesired([{ object, file: 'a.yaml', line: 1 }], target, () => served);
  expect(desired).toEqual([
    {
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'web', namespace: 'store', labels: { tier: 'front', 'driftless.dev/app': 'shop' } },
        data: { value: '1' },
      },
      id: { group: '', kind: 'ConfigMap', namespace: 'store', name: 'web' },
      kind: served,
      served: true,
      source: 'a.yaml:1',
      hash: '0108054d7d29b582ec0c3d3e96a54566',
    },
  ]);
});

test('an operation, and its durable execution, is called like its application and number', () => {
  expect(operationName({ app: 'shop', seq: 12 })).toBe('shop-12');
});
