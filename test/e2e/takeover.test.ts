import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kubectlLayer } from '../../dev/kubectl-layer.ts';
import { formatFieldChange } from '../../lib/diff/format.ts';
import type { Application } from '../../lib/model/application.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { stagesOf } from '../../lib/order/stages.ts';
import type { PlannedObject } from '../../lib/plan/planned.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { applyStage } from '../../lib/sync/apply/apply-stage.ts';
import { planChanges } from '../../lib/sync/plan/plan-changes.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';

const NAMESPACE = 'takeover';
const kube = kubeUnderTest(NAMESPACE);

const app: Application = {
  name: 'takeover',
  project: 'default',
  sources: [{ repo: 'https://git.example/acme/shop', ref: 'main', path: '' }],
  destination: { cluster: 'local', namespace: NAMESPACE },
  sync: {
    mode: 'auto',
    prune: true,
    pruneProtected: [],
    maxPrunePercent: 50,
    allowEmpty: false,
    createNamespace: false,
    force: false,
    recreate: false,
    timeoutSeconds: 60,
  },
  drift: { mode: 'correct' },
};

const deployment = (
  name: string,
  env: readonly object[],
  ports: readonly object[] = [{ containerPort: 80 }],
): KubeObject => {
  const containers = [{ name: 'c', image: 'registry.example/c:v1', env, ports }];
  const template = { metadata: { labels: { app: name } }, spec: { containers } };
  return kube.object('apps/v1', 'Deployment', name, {
    spec: { replicas: 0, selector: { matchLabels: { app: name } }, template },
  });
};

async function kubectl(object: KubeObject, ...options: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-takeover-'));
  try {
    await writeFile(join(folder, 'object.json'), JSON.stringify(object));
    const { kubectl: program } = await kubectlLayer();
    const args = [
      'apply',
      '-f',
      join(folder, 'object.json'),
      '--kubeconfig',
      kubeconfigPath(),
      '--cache-dir',
      folder,
      ...options,
    ];
    await promisify(execFile)(program, args);
  } finally {
    await rm(folder, { recursive: true });
  }
  if (object.kind === 'Deployment') await seenByController(object);
}

/** The controller writes its revision a moment later; a plan that is made in between would show it as a change. */
async function seenByController(object: KubeObject): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const live = await kube.get(object);
    if (live?.metadata.annotations?.['deployment.kubernetes.io/revision'] !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no controller has seen ${object.metadata.name}`);
}

async function deploy(object: KubeObject): Promise<readonly string[]> {
  const plan = await planChanges({ app, manifests: [{ object, file: 'c.yaml' }], inventory: [] }, kube.cluster);
  expect(plan.refusals).toEqual([]);
  const lease = { guard: () => undefined, need: async () => ({ app: app.name, seq: 1, fence: 1, expiresAt: '' }) };
  for (const stage of stagesOf<PlannedObject>(plan.objects)) {
    const applied = await applyStage(stage, {
      cluster: kube.cluster,
      clock: systemClock,
      lease,
      operation: 'takeover-1',
      rules: [],
      pruneProtected: [],
    });
    expect(applied.refusals).toEqual([]);
  }
  return plan.objects.flatMap(({ fields }) => fields.map(formatFieldChange));
}

const envOf = async (object: KubeObject): Promise<unknown> => {
  const live = JSON.parse(JSON.stringify(await kube.get(object)));
  return live.spec.template.spec.containers[0].env ?? [];
};

test.each([
  ['kubectl apply', []],
  ['kubectl apply --server-side', ['--server-side']],
  ['Helm', ['--server-side', '--field-manager=helm']],
  ['Argo CD', ['--server-side', '--field-manager=argocd-controller']],
])(
  'a field that %s deployed and Git does not have is planned to go, and goes',
  async (tool, options) => {
    const name = `by-${tool.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
    const [keep, old] = [
      { name: 'KEEP', value: '1' },
      { name: 'OLD', value: '1' },
    ];
    await kubectl(deployment(name, [keep, old]), ...options);
    const changes = await deploy(deployment(name, [keep]));
    expect(changes).toContain('spec.template.spec.containers[c].env[OLD]: {"name":"OLD","value":"1"} → (none)');
    expect(changes.filter((change) => !change.includes('driftless.dev/app') && !change.includes('OLD'))).toEqual([]);
    expect(await envOf(deployment(name, []))).toEqual([keep]);
    const live = await kube.get(deployment(name, []));
    const managers = live?.metadata.managedFields
      ?.filter(({ subresource }) => subresource === undefined)
      .map(({ manager }) => manager);
    expect(managers).toEqual(['driftless']);
    expect(await deploy(deployment(name, [keep]))).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'a field of another field manager stays where a former tool owned it too',
  async () => {
    const name = 'shared';
    await kubectl(deployment(name, [{ name: 'OLD', value: '1' }]));
    const containers = [{ name: 'c', env: [{ name: 'OLD', value: '1' }] }];
    const patch = kube.object('apps/v1', 'Deployment', name, { spec: { template: { spec: { containers } } } });
    await kubectl(patch, '--server-side', '--field-manager=injector', '--force-conflicts');
    await deploy(deployment(name, []));
    expect(await envOf(deployment(name, []))).toEqual([{ name: 'OLD', value: '1' }]);
  },
  PATIENCE_MS,
);

test(
  'a value of a Secret that goes is not in the plan (security case 29)',
  async () => {
    const secret = (data: object): KubeObject => kube.object('v1', 'Secret', 'masked', { data });
    await kubectl(secret({ keep: 'eA==', old: 'Y2FuYXJ5LXZhbHVl' }));
    const changes = await deploy(secret({ keep: 'eA==' }));
    expect(changes.join('\n')).toContain('data.old');
    expect(changes.join('\n')).not.toMatch(/Y2FuYXJ5|canary/);
    const live = await kube.get(secret({}));
    expect(live?.data).toEqual({ keep: 'eA==' });
  },
  PATIENCE_MS,
);
