import { type Harness, startHarness } from './harness.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
});

afterAll(() => harness.stop());

/** Sets a field that Git has too, and a label that it has not, on every write to ConfigMaps of a namespace. */
async function overrule(namespace: string): Promise<() => Promise<void>> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const name = `overrule-${namespace}`;
  const operations = ['CREATE', 'UPDATE'];
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations, resources: ['configmaps'] };
  const expression =
    'Object{metadata: Object.metadata{labels: {"policy": "was-here"}}, data: {"value": "what the policy wants"}}';
  const spec = {
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    matchConstraints: { resourceRules: [rule] },
    mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
  };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  await harness.kube.create({ apiVersion, kind: 'MutatingAdmissionPolicy', metadata: { name }, spec });
  await harness.kube.create({
    apiVersion,
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, matchResources: { namespaceSelector } },
  });
  await untilItHolds(namespace);
  return async () => {
    for (const kind of ['MutatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy'])
      await harness.kube.delete({ apiVersion, kind, name });
  };
}

async function untilItHolds(namespace: string): Promise<void> {
  const deadline = performance.now() + 50_000;
  for (let n = 0; performance.now() < deadline; n += 1) {
    const probe = await harness.kube.create({
      ...configMap(`probe-${n}`),
      metadata: { name: `probe-${n}`, namespace },
    });
    if (probe.metadata.labels?.['policy'] === 'was-here') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the policy does not hold');
}

test('what an admission policy sets on each apply is not drift, whether Git has the field or not; what people change is', async () => {
  const namespace = await harness.namespace();
  const release = await overrule(namespace);
  try {
    const app = await harness.app(
      { 'a.yaml': yaml({ ...configMap('a'), data: { value: '1', other: '1' } }) },
      { destination: { namespace }, sync: { createNamespace: false }, drift: { mode: 'report' } },
    );
    await app.settled();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' };
    expect((await harness.kube.get(map))?.data).toEqual({ value: 'what the policy wants', other: '1' });
    await harness.kube.edit(map, { metadata: { annotations: { touched: 'yes' } } });
    expect(await drift.drifted(app.name)).toEqual([]);

    await harness.kube.edit(map, { data: { other: '2' } });
    expect(await drift.drifted(app.name)).toEqual([
      `ConfigMap/${namespace}/a modified by kubectl-edit (Update): data.other: 2 → 1`,
    ]);
  } finally {
    await release();
  }
});
