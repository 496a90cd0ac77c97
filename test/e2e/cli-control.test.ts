// The verbs for a running deployer, as their users run them, on the real API server.

import type { Operation } from '../../lib/model/operation.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import type { DriftView } from '../../lib/queries/drift-view.ts';
import { type CliWorld, startCliWorld } from './cli-world.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(180_000);

let world: CliWorld;

afterEach(() => world.stop());

const image = async (): Promise<string> => {
  const web = await world.kube.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: world.app, name: 'web' });
  return /registry\.example\/web:(\w+)/.exec(JSON.stringify(web?.spec))?.[1] ?? 'none';
};

test('a suspended application is not deployed until it is resumed, except by hand', async () => {
  world = await startCliWorld({ 'web.yaml': yaml(deployment('web', 'v1')) });
  const { app, repository, ask, askJson } = world;

  const suspended = await ask('suspend', app, '--reason', 'freeze', '--for', '2h');
  expect(suspended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(suspended.stdout).toMatch(new RegExp(`^${app}: suspended, .*; until 20\\S+Z\\n$`));
  await repository.push({ 'web.yaml': yaml(deployment('web', 'v2')) });
  const status = await askJson<ApplicationView>('status', app);
  expect(status).toMatchObject({ suspended: { reason: 'freeze' }, lastOperation: { seq: 1 } });
  expect(await image()).toBe('v1');

  expect((await ask('sync', app, '--wait')).stdout).toBe(`${app}-2: synced: 1 configured\n`);
  expect(await image()).toBe('v2');

  await repository.push({ 'web.yaml': yaml(deployment('web', 'v3')) });
  expect(await ask('resume', app)).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(new RegExp(`^${app}: resumed; ${app}-3 deploys its newest commit [0-9a-f]{7}\n$`)),
    stderr: '',
  });
  await world.dev.line(new RegExp(`ended operation app=${app} operation=${app}-3 outcome=synced`));
  expect(await image()).toBe('v3');
  expect((await askJson<ApplicationView>('status', app)).suspended).toBeUndefined();
});

test('drift is found with who and what, corrected, and told in status and history', async () => {
  world = await startCliWorld({ 'web.yaml': yaml(deployment('web', 'v1'), service('web')) });
  const { app, ask, askJson, kubectl } = world;
  expect(await ask('drift', app, '--now')).toMatchObject({ exitCode: 0, stderr: '' });

  await kubectl('scale', 'deployment/web', '--replicas=3');
  await kubectl('delete', 'service/web', '--wait=true');
  const drift = await ask('drift', app, '--now');
  expect(drift).toMatchObject({ exitCode: 1, stderr: '' });
  const [head, ...lines] = drift.stdout.trimEnd().split('\n');
  expect(head).toMatch(new RegExp(`^${app} \\(correct\\): 2 objects have drifted, scanned \\d+s ago$`));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(new RegExp(`^ {2}~ Deployment/${app}/web modified \\d+s ago by kubectl`)),
      '      spec.replicas: 3 → 1',
      expect.stringMatching(new RegExp(`^ {2}\\+ Service/${app}/web missing \\d+s ago`)),
    ]),
  );
  await world.dev.line(/warn {2}notification kind=drift\.opened /);
  await world.ended('synced');

  expect(await ask('drift', app, '--now')).toMatchObject({ exitCode: 0 });
  const all = await askJson<readonly DriftView[]>('drift');
  expect(all).toMatchObject([{ app, status: 'InSync', count: 0, objects: [] }]);
  const history = await askJson<readonly Operation[]>('history', app);
  expect(history.map(({ seq, trigger, outcome }) => [seq, trigger.kind, outcome?.status])).toEqual([
    [2, 'drift', 'synced'],
    [1, 'config', 'synced'],
  ]);
  const status = await ask('status');
  expect(status).toMatchObject({ exitCode: 0, stderr: '' });
  expect(status.stdout).toMatch(new RegExp(`\n${app} +Synced +Healthy +\\w{7} +InSync +2 drift synced \\d+s ago\n$`));
});

test('dev looks for drift by itself, corrects it, and ends cleanly', async () => {
  world = await startCliWorld({ 'a.yaml': yaml(configMap('settings', 'one')) }, {}, '1s');
  const { app, dev, kube, kubectl } = world;
  await kubectl('patch', 'configmap/settings', '--type=merge', '-p', '{"data":{"value":"two"}}');
  await world.ended('synced');
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app, name: 'settings' };
  expect(await kube.get(settings)).toMatchObject({ data: { value: 'one' } });
  expect(await dev.end('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  expect(dev.said.filter((line) => line.includes('could not'))).toEqual([]);
});

test('drift that is only reported stays, and status says that the application is out of sync', async () => {
  world = await startCliWorld({ 'a.yaml': yaml(configMap('settings', 'one')) }, { drift: { mode: 'report' } });
  const { app, ask, kubectl } = world;
  await kubectl('patch', 'configmap/settings', '--type=merge', '-p', '{"data":{"value":"two"}}');
  const drift = await ask('drift', '--now');
  expect(drift).toMatchObject({ exitCode: 1, stderr: '' });
  expect(drift.stdout).toMatch(
    / modified \d+s ago by kubectl-patch \(Update\) \(reported only\)\n {6}data\.value: two → one\n/,
  );
  const status = await ask('status');
  expect(status.exitCode).toBe(1);
  expect(status.stdout).toMatch(new RegExp(`\n${app}: OutOfSync, 1 object has drifted\n$`));
});

test('a rollback goes back to an operation of the history, and holds the commit until somebody releases it', async () => {
  world = await startCliWorld({ 'web.yaml': yaml(deployment('web', 'v1')) });
  const { app, repository, ask } = world;
  await repository.push({ 'web.yaml': yaml(deployment('web', 'v2')) });
  await world.ended('synced');

  const back = await ask('rollback', app, '--to', '1', '--wait');
  expect(back).toMatchObject({ exitCode: 0, stderr: '' });
  expect(back.stdout).toMatch(new RegExp(`^${app}-3: rolledBack: `));
  expect(await image()).toBe('v1');

  const refused = await ask('sync', app);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: Application\/\S+: its newest commit \w{7} was rolled back and is held.*\nhint: .*\(RevisionHeld\)\n$/,
  );
  expect(await ask('sync', app, '--release', '--wait')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await image()).toBe('v2');
  expect((await ask('rollback', app, '--wait')).stdout).toMatch(new RegExp(`^${app}-5: rolledBack: `));
  expect(await image()).toBe('v1');

  const { stdout } = await ask('history', app);
  expect(stdout).toMatch(
    /^SEQ {2}TRIGGER .*\n5 {4}rollback by .*\n( {5}.*\n){2}4 {4}manual by .*\n {5}Ada: change\n3 {4}rollback to 1 by .*\n( {5}.*\n){2}2 {4}push .*\n {5}Ada: change\n1 {4}config /,
  );
  expect(await ask('rollback', app, '--to', '9')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^error: Application\/\S+: operation 9 does not exist\n/),
  });
});

test('an alarm event that is posted rolls the deployment back', async () => {
  world = await startCliWorld(
    { 'web.yaml': yaml(deployment('web', 'v1')) },
    { rollback: { alarms: ['web-5xx'], bakeTime: '10m' } },
  );
  const { app, repository, post } = world;
  await repository.push({ 'web.yaml': yaml(deployment('web', 'v2')) });
  await world.ended('synced');
  const reply = await post('/events/alarm', alarmEvent('web-5xx'));
  expect(reply).toMatchObject({ status: 202 });
  await world.ended('rolledBack');
  expect(await image()).toBe('v1');
  await world.dev.line(new RegExp(`warn {2}notification kind=alarm\\.rolledBack app=${app} `));
  expect(await post('/events/alarm', { hello: 'there' })).toMatchObject({ status: 400 });
});

/** What EventBridge brings when CloudWatch sees an alarm change. */
function alarmEvent(name: string): object {
  const at = new Date().toISOString();
  return {
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: at,
    region: 'eu-central-1',
    resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`],
    detail: {
      alarmName: name,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: at },
      previousState: { value: 'OK', reason: 'ok', timestamp: at },
      configuration: { metrics: [] },
    },
  };
}
