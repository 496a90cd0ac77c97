// `driftless plan` against a real API server: nothing is written, the exit code tells what a deployment would do.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { driftlessIn, type Ended } from '../cli/driftless.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Kube, openKube } from './harness-kube.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(60_000);

let kube: Kube;
/** Name of the application, its folder and its namespace. */
let app: string;

beforeEach(async () => {
  kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  app = `plan-${randomBytes(3).toString('hex')}`;
  await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: app } });
});

afterEach(async () => {
  await kube.delete({ apiVersion: 'v1', kind: 'Namespace', name: app });
  await kube.close();
});

async function plan(files: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<Ended> {
  const args = ['plan', app, '--namespace', app, '--kubeconfig', kubeconfigPath(), ...options];
  return driftlessIn(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${app}/${path}`, text])), args);
}

/** What an earlier deployment has left in the cluster. */
async function deployed(
  ...objects: readonly { readonly apiVersion: string; readonly kind: string; readonly metadata: object }[]
): Promise<void> {
  for (const { metadata, ...object } of objects)
    await kube.applyAs('driftless', {
      ...object,
      metadata: { name: '', ...metadata, namespace: app, labels: { 'driftless.dev/app': app } },
    });
}

test('differences are printed field by field, and end with exit code 1', async () => {
  await deployed(deployment('api', 'v1'), configMap('settings'));
  const files = { 'a.yaml': yaml(deployment('api', 'v2'), configMap('settings')), 'b.yaml': yaml(service('api')) };
  const { exitCode, stdout, stderr } = await plan(files);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    `+ Service/${app}/api created`,
    `~ Deployment/${app}/api configured`,
    `    Deployment/${app}/api: spec.template.spec.containers[api].image: registry.example/api:v1 → registry.example/api:v2`,
    '1 created, 1 configured, 1 unchanged',
    '',
  ]);
  expect(await kube.list('v1', 'Service')).not.toContainEqual(
    expect.objectContaining({ metadata: expect.objectContaining({ namespace: app }) }),
  );
});

test('no differences end with exit code 0', async () => {
  await deployed(configMap('settings'));
  expect(await plan({ 'a.yaml': yaml(configMap('settings')) })).toEqual({
    exitCode: 0,
    stdout: '1 unchanged\n',
    stderr: '',
  });
});

test('refusals are all listed with file and line, and end with exit code 2', async () => {
  const { exitCode, stdout } = await plan({
    'a.yaml': yaml(service('a', 80_000), service('b', 'x')),
    'b.yaml': yaml(configMap('c')),
  });
  expect(exitCode).toBe(2);
  expect(stdout.split('\n')).toEqual([
    `+ ConfigMap/${app}/c created`,
    expect.stringMatching(`^x Service/${app}/a: spec\\.ports\\[0\\]\\.port: .*80000.* \\(a\\.yaml:1\\)$`),
    expect.stringMatching(`^x Service/${app}/a: spec\\.ports\\[0\\]\\.targetPort: .*80000.* \\(a\\.yaml:1\\)$`),
    expect.stringMatching(`^x Service/${app}/b: spec\\.ports.*got string \\(a\\.yaml:19\\)$`),
    '1 created, 3 refused',
    '',
  ]);
});

test('as JSON it is the whole change set, without any value of a Secret', async () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key' },
    stringData: { password: 'hunter2-old' },
  };
  await deployed(secret);
  const files = { 'a.yaml': yaml({ ...secret, stringData: { password: 'hunter2-new' } }) };
  const { exitCode, stdout } = await plan(files, '-o', 'json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    changes: [{ id: { group: '', kind: 'Secret', namespace: app, name: 'key' }, action: 'configured' }],
    refusals: [],
  });
  expect(stdout).not.toMatch(/hunter2|aHVudGVyMi/);
});

test('what the folder does not have any more is deleted, whatever its kind was', async () => {
  await deployed(configMap('settings'), service('gone'));
  const { exitCode, stdout } = await plan({ 'a.yaml': yaml(configMap('settings')) });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 1,
    stdout: `- Service/${app}/gone deleted\n1 unchanged, 1 deleted\n`,
  });
});

test('an API server that is not there is one clear error', async () => {
  const kubeconfig = yaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:9' } }],
    users: [{ name: 'a', user: {} }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  });
  const files = { kubeconfig, 'a/a.yaml': yaml(configMap('a')) };
  const { exitCode, stdout, stderr } = await driftlessIn(files, ['plan', 'a', '--kubeconfig', 'kubeconfig']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^error: .*127\.0\.0\.1:9.*\nhint: .* \(ApiServerUnreachable\)\n$/);
});

/** A kubeconfig with another user than the administrator. */
async function kubeconfigOf(user: object): Promise<string> {
  const { clusters, ...rest } = z
    .looseObject({ clusters: z.array(z.looseObject({ name: z.string() })) })
    .parse(parse(await readFile(kubeconfigPath(), 'utf8')));
  const context = { name: 'a', context: { cluster: clusters[0]?.name, user: 'a' } };
  return yaml({
    ...rest,
    apiVersion: 'v1',
    clusters,
    users: [{ name: 'a', user }],
    contexts: [context],
    'current-context': 'a',
  });
}

test('S10: credentials that the API server does not know are told as that', async () => {
  const files = { kubeconfig: await kubeconfigOf({ token: 'expired' }), 'a/a.yaml': yaml(configMap('a')) };
  const { exitCode, stderr } = await driftlessIn(files, ['plan', 'a', '--kubeconfig', 'kubeconfig', '-o', 'json']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'ClusterAccessDenied',
      message: expect.stringContaining('the API server does not accept the credentials: Unauthorized'),
      hint: expect.stringMatching(/^renew the token or certificate/),
    },
  });
});

test('S17: a user with rights in one namespace only sees the plan of what is in it', async () => {
  const account = { name: app, namespace: app };
  await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  await kube.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: account,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: '' }, spec: {} };
  const { status } = await kube.create(request, {
    of: { apiVersion: 'v1', kind: 'ServiceAccount', ...account },
    name: 'token',
  });
  const { token } = z.object({ token: z.string() }).parse(status);
  await deployed(configMap('settings'), service('gone'));
  const files = {
    kubeconfig: await kubeconfigOf({ token }),
    [`${app}/a.yaml`]: yaml(configMap('settings'), configMap('new')),
  };
  const args = ['plan', app, '--namespace', app, '--kubeconfig', 'kubeconfig'];
  expect(await driftlessIn(files, args)).toEqual({
    exitCode: 1,
    stdout: `+ ConfigMap/${app}/new created\n- Service/${app}/gone deleted\n1 created, 1 unchanged, 1 deleted\n`,
    stderr: '',
  });
});
