import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const annotated = (name: string, annotations: Readonly<Record<string, string>>) =>
  configMap(name, '1', { annotations });

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'claim', annotations: { 'argocd.argoproj.io/ignore-healthcheck': 'true' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

describe('a commit that removes objects', () => {
  let app: AppUnderTest;
  let changes: readonly string[];
  let inventory: readonly string[];

  beforeAll(async () => {
    app = await harness.app((name) => ({
      'kept.yaml': yaml(configMap('kept')),
      'removed.yaml': yaml(
        configMap('plain'),
        annotated('argo', { 'argocd.argoproj.io/sync-options': 'Prune=false' }),
        annotated('helm', { 'helm.sh/resource-policy': 'keep' }),
        annotated('flux', { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }),
        annotated('own', { 'driftless.dev/prune': 'false' }),
        claim,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${name}-more` } },
        configMap('replaced'),
        configMap('unlabelled'),
        configMap('gone'),
      ),
    }));
    expect((await app.settled()).outcome?.status).toBe('synced');
    const named = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name });
    await harness.kube.delete(named('gone'));
    await harness.kube.delete(named('replaced'));
    const labels = { 'driftless.dev/app': app.name };
    await harness.kube.create(configMap('replaced', 'of somebody else', { namespace: app.name, labels }));
    await harness.kube.edit(named('unlabelled'), { metadata: { labels: { 'driftless.dev/app': null } } });

    const operation = await app.deploy({ 'removed.yaml': undefined });
    expect(operation.outcome).toMatchObject({
      status: 'synced',
      message: expect.stringMatching(/^1 unchanged, 1 deleted, 8 skipped, .* stays: /),
    });
    changes = await app.changes(operation);
    inventory = await app.inventory();
  });

  test.each([
    [
      'with Argo CD’s Prune=false',
      'ConfigMap/$/argo',
      'its annotation argocd.argoproj.io/sync-options says Prune=false',
    ],
    ['with Helm’s policy keep', 'ConfigMap/$/helm', 'its annotation helm.sh/resource-policy says keep'],
    ['with Flux’ prune disabled', 'ConfigMap/$/flux', 'its annotation kustomize.toolkit.fluxcd.io/prune says disabled'],
    ['with our own annotation', 'ConfigMap/$/own', 'its annotation driftless.dev/prune says false'],
    [
      'that is a claim for a volume',
      'PersistentVolumeClaim/$/claim',
      'a PersistentVolumeClaim is deleted only when sync.pruneProtected names its kind',
    ],
    ['that is a Namespace', 'Namespace/$-more', 'a Namespace is deleted only when sync.pruneProtected names its kind'],
    [
      'that was made anew by somebody else',
      'ConfigMap/$/replaced',
      'another object of this name was created since; delete it manually if it is not needed',
    ],
    [
      'whose label was removed by hand',
      'ConfigMap/$/unlabelled',
      'its label driftless.dev/app was removed; delete it manually if it is not needed',
    ],
  ])('leaves one %s alone, says why, and keeps it in the inventory', async (_which, ref, why) => {
    const [kind = '', ...path] = ref.replace('$', app.name).split('/');
    expect(changes).toContain(`! ${ref.replace('$', app.name)} skipped (${why})`);
    expect(inventory).toContain(ref.replace('$', app.name));
    const name = path.at(-1) ?? '';
    const namespace = kind === 'Namespace' ? {} : { namespace: app.name };
    expect(await harness.kube.get({ apiVersion: 'v1', kind, name, ...namespace })).toBeDefined();
  });

  test('deletes one that nothing protects', async () => {
    expect(changes).toContain(`- ConfigMap/${app.name}/plain deleted`);
    expect(inventory).not.toContain(`ConfigMap/${app.name}/plain`);
    expect(await app.live('v1', 'ConfigMap', 'plain')).toBeUndefined();
  });

  test('forgets one that is gone already', () => {
    expect(changes.join()).not.toContain('gone');
    expect(inventory).not.toContain(`ConfigMap/${app.name}/gone`);
  });
});

test('kinds that are protected are deleted where pruneProtected names them', async () => {
  const files = { 'claim.yaml': yaml(claim), 'kept.yaml': yaml(configMap('kept')) };
  const app = await harness.app(files, { sync: { pruneProtected: ['PersistentVolumeClaim'] } });
  await app.settled();
  const operation = await app.deploy({ 'claim.yaml': undefined });

  expect(operation.outcome?.message).toBe('1 unchanged, 1 deleted');
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/kept`]);
});

test('with prune off objects stay until it is on', async () => {
  const files = { 'a.yaml': yaml(configMap('a')), 'b.yaml': yaml(configMap('b')) };
  const app = await harness.app(files, { sync: { prune: false } });
  await app.settled();
  const kept = await app.deploy({ 'b.yaml': undefined });
  expect(await app.changes(kept)).toEqual([`! ConfigMap/${app.name}/b skipped (sync.prune is off)`]);
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`, `ConfigMap/${app.name}/b`]);

  await app.configure({ sync: { prune: true } });
  const deleted = await app.settled();
  expect(await app.changes(deleted)).toEqual([`- ConfigMap/${app.name}/b deleted`]);
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`]);
});

test('a commit that removes more than half of ten objects is refused, until the budget is raised', async () => {
  const some = (count: number) => yaml(...Array.from({ length: count }, (_, place) => configMap(`c${place}`)));
  const app = await harness.app({ 'all.yaml': some(10) });
  await app.settled();
  harness.api.forget();
  const refused = await app.deploy({ 'all.yaml': some(4) });

  expect(refused.outcome?.status).toBe('refused');
  expect(await app.refusals(refused)).toEqual([
    expect.stringMatching(
      /^ConfigMap\/.*: 6 of 10 objects would be deleted, more than 50 %; raise sync.maxPrunePercent if that is intended$/,
    ),
  ]);
  expect(harness.api.writes()).toEqual([]);
  expect(await app.inventory()).toHaveLength(10);

  await app.configure({ sync: { maxPrunePercent: 60 } });
  expect((await app.settled()).outcome?.message).toBe('4 unchanged, 6 deleted');
  expect(await app.inventory()).toHaveLength(4);
});

test('a commit that leaves no object at all is refused, unless allowEmpty says that this is meant', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  harness.api.forget();
  const refused = await app.deploy({ 'a.yaml': undefined, 'README.md': 'nothing here' });
  expect(refused.outcome).toMatchObject({
    status: 'refused',
    message: `1 refused: ConfigMap/${app.name}/a: the rendering is empty, which would delete all 1 objects; set sync.allowEmpty: true if that is intended`,
  });
  expect(harness.api.writes()).toEqual([]);

  await app.configure({ sync: { allowEmpty: true } });
  expect((await app.settled()).outcome?.message).toBe('the source holds no manifest; 1 deleted');
  expect(await app.inventory()).toEqual([]);
});
