// Kinds that a real API server answers and does not keep, in an operation and in a plan.
import { driftlessIn } from '../cli/driftless.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Harness, startHarness } from './harness.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const metadata = { name: 'x' };
const spec = { token: 'abc' };
const UNKEPT = [
  { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata, spec },
  { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata },
  { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata, spec: { user: 'ann' } },
  { apiVersion: 'authorization.k8s.io/v1', kind: 'LocalSubjectAccessReview', metadata, spec: { user: 'ann' } },
  { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: 'n' } },
] as const;

const expected = (namespace: string): readonly string[] =>
  UNKEPT.map(({ kind }) => {
    const isNamespaced = kind === 'LocalSubjectAccessReview' || kind === 'Binding';
    const ref = isNamespaced ? `${kind}/${namespace}/x` : `${kind}/x`;
    return `${ref}: the API server answers a ${kind} and keeps none, so it cannot be deployed; remove it from Git (${kind.toLowerCase()}.yaml:1)`;
  });

const FILES = {
  'a.yaml': yaml(configMap('a')),
  ...Object.fromEntries(UNKEPT.map((object) => [`${object.kind.toLowerCase()}.yaml`, yaml(object)])),
};

test('R8: an operation refuses each of them with its file, and writes nothing', async () => {
  const app = await harness.app(FILES, { source: { directory: { recurse: true } } });
  const operation = await app.settled();
  expect(operation.outcome?.status).toBe('refused');
  expect([...(await app.refusals(operation))].sort()).toEqual([...expected(app.name)].sort());
  expect(await app.live('v1', 'ConfigMap', 'a')).toBeUndefined();
});

test('R8: objects that can be listed and not written, and kinds of subresources, are refused like others', async () => {
  const app = await harness.app({
    'a.yaml': yaml(configMap('a')),
    'b.yaml': yaml({ apiVersion: 'v1', kind: 'ComponentStatus', metadata }),
    'c.yaml': yaml({ apiVersion: 'policy/v1', kind: 'Eviction', metadata }),
  });
  const operation = await app.settled();
  expect((await app.refusals(operation)).map((refusal) => refusal.split('/')[0])).toEqual([
    'Eviction',
    'ComponentStatus',
  ]);
});

test('R8: a plan says the same', async () => {
  const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`shop/${path}`, text]));
  const args = ['plan', 'shop', '--namespace', 'default', '--kubeconfig', kubeconfigPath()];
  const { exitCode, stdout } = await driftlessIn(files, args);
  expect(exitCode).toBe(2);
  for (const refusal of expected('default')) expect(stdout).toContain(`x ${refusal}`);
});
