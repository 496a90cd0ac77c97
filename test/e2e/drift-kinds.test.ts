import { type Harness, startHarness } from './harness.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

const report = { drift: { mode: 'report' } };

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
});

afterAll(() => harness.stop());

const groupOf = (app: string): string => `${app}.example.org`;

/** A kind of its own for each application, in two versions. */
function definition(app: string) {
  const size = { type: 'object', properties: { size: { type: 'integer' } } };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: size } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${groupOf(app)}`, annotations: { 'argocd.argoproj.io/sync-wave': '-1' } },
    spec: {
      group: groupOf(app),
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v1beta1', served: true, storage: false, schema },
      ],
    },
  };
}

const widget = (app: string, version: string, name: string) => ({
  apiVersion: `${groupOf(app)}/${version}`,
  kind: 'Widget',
  metadata: { name },
  spec: { size: 1 },
});

test('objects of a kind that is served in two versions are listed once, and compared in the version they were applied in', async () => {
  const app = await harness.app(
    (name) => ({ 'all.yaml': yaml(definition(name), widget(name, 'v1', 'new'), widget(name, 'v1beta1', 'old')) }),
    report,
  );
  await app.settled();
  const lists = (await drift.requestsOfScan()).filter((line) => line.includes(`/apis/${groupOf(app.name)}/`));
  expect(lists).toEqual([expect.stringMatching(new RegExp(`^GET /apis/${groupOf(app.name)}/v1(beta1)?/widgets$`))]);

  const old = { apiVersion: `${groupOf(app.name)}/v1`, kind: 'Widget', namespace: app.name, name: 'old' };
  await harness.kube.edit(old, { spec: { size: 2 } });
  expect(await drift.drifted(app.name)).toEqual([
    `Widget/${app.name}/old modified by kubectl-edit (Update): spec.size: 2 → 1`,
  ]);
});

test('a definition that somebody deleted took its objects along: they are missing, and the definition is', async () => {
  const app = await harness.app((name) => ({ 'all.yaml': yaml(definition(name), widget(name, 'v1', 'a')) }), report);
  await app.settled();
  const { metadata, ...type } = definition(app.name);
  await harness.kube.delete({ ...type, name: metadata.name });
  await gone(`/apis/${groupOf(app.name)}/v1`, { ...type, name: metadata.name });

  // A deployer that begins now does not know the kind any more.
  await harness.halt();
  await harness.resume();
  drift = driftUnderTest(harness);
  expect(await drift.drifted(app.name)).toEqual([
    `CustomResourceDefinition/${metadata.name} missing`,
    `Widget/${app.name}/a missing`,
  ]);
});

test('a group whose server does not answer makes its own applications Unknown, with the reason, and nothing missing', async () => {
  const [app, other] = [
    await harness.app(
      (name) => ({ 'all.yaml': yaml(definition(name), widget(name, 'v1', 'a'), configMap('b')) }),
      report,
    ),
    await harness.app({ 'a.yaml': yaml(configMap('a')) }, report),
  ];
  await Promise.all([app.settled(), other.settled()]);
  const service = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    name: `v1.${groupOf(app.name)}`,
  };
  await harness.kube.edit(service, {
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': null } },
    spec: { service: { name: 'nobody', namespace: 'default', port: 443 }, insecureSkipTLSVerify: true },
  });
  try {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', name: 'b', namespace: app.name };
    await harness.kube.edit(map, { data: { value: '2' } });
    await harness.halt();
    await harness.resume();
    drift = driftUnderTest(harness);
    await unavailable(service);

    expect(await drift.drifted(app.name)).toEqual([
      `ConfigMap/${app.name}/b modified by kubectl-edit (Update): data.value: 2 → 1`,
    ]);
    expect(await drift.record(app.name)).toMatchObject({
      status: 'Unknown',
      reason: expect.stringContaining(`the server behind API group "${groupOf(app.name)}/v1" does not answer`),
    });
    expect(await harness.deployer.state.drift(other.name)).toBeUndefined();
  } finally {
    await harness.kube.delete(service);
  }
});

type Named = Parameters<Harness['kube']['get']>[0];

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 50_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function gone(path: string, what: Named): Promise<void> {
  return until(`${path} to be gone`, async () => (await harness.kube.get(what)) === undefined);
}

async function unavailable(what: Named): Promise<void> {
  await until('the group to be unavailable', async () => {
    const { status } = (await harness.kube.get(what)) ?? {};
    return JSON.stringify(status).includes('"status":"False"');
  });
}
