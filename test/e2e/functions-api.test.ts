// The verbs of the command line against a deployed stack: signed by whoever is signed in, let in by an HTTP API that asks IAM, answered by the functions as they
// are put on Lambda, done on the real API server.

import type { Operation } from '../../lib/model/operation.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import type { DriftView } from '../../lib/queries/drift-view.ts';
import { driftless, type Ended } from '../cli/driftless.ts';
import { AUTHORITY, type HttpApi, type HttpApiEvent, startHttpApi } from '../functions/http-api.ts';
import { openWorld, type World } from '../functions/world.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

const REGION = 'eu-central-1';
const ADA = {
  accessKeyId: 'ASIAADA',
  secretAccessKey: 'a key of the tests, for Ada',
  userArn: 'arn:aws:sts::123456789012:assumed-role/Deployer/ada',
};

let world: World;
let http: HttpApi;

beforeAll(async () => {
  world = await openWorld({ spec: { drift: { mode: 'report' } } });
  const invoke = (event: HttpApiEvent) =>
    world.functions[event.rawPath.startsWith('/live/') ? 'inspect' : 'api'].invoke(event);
  http = await startHttpApi({ region: REGION, principals: [{ ...ADA, methods: ['GET', 'POST'] }], invoke });
  await world.push(settings('1'));
  await world.functions.sweep.invoke({});
  await world.settled(1);
});

afterAll(async () => {
  await http?.stop();
  await world.stop();
});

const settings = (value: string) => ({ 'deploy/settings.yaml': yaml(configMap('settings', value)) });

/** Runs a verb as Ada; what a user of the machine is called does not matter. */
const ask = (...args: readonly string[]): Promise<Ended> =>
  driftless([...args, '--url', http.url, '--region', REGION], {
    env: {
      NODE_EXTRA_CA_CERTS: AUTHORITY,
      AWS_ACCESS_KEY_ID: ADA.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ADA.secretAccessKey,
      AWS_SESSION_TOKEN: 'a session of the tests, of Ada',
    },
  });

async function askJson<T>(...args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await ask(...args, '-o', 'json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('status, sync, rollback, suspend, resume and history are those of the stack, in the name of whoever signed', async () => {
  const { app } = world;
  const { desiredSeq: before = 0 } = (await world.state.application(app)) ?? {};
  expect((await ask('status')).stdout).toMatch(new RegExp(`^${app} +Synced +Healthy`, 'm'));

  await world.push(settings('2'));
  expect(await ask('sync', app, '--wait')).toEqual({
    exitCode: 0,
    stdout: `${app}-${before + 1}: synced: 1 configured\n`,
    stderr: '',
  });
  expect(await world.value()).toBe('2');

  const back = await ask('rollback', app, '--wait');
  expect(back).toMatchObject({ exitCode: 0, stderr: '' });
  expect(back.stdout).toMatch(new RegExp(`^${app}-${before + 2}: rolledBack: rolled back from `));
  expect(await world.value()).toBe('1');

  expect((await ask('suspend', app, '--reason', 'freeze')).exitCode).toBe(0);
  await world.deliver(await world.push(settings('3')));
  const suspended = await askJson<ApplicationView>('status', app);
  expect(suspended).toMatchObject({
    suspended: { reason: 'freeze', by: ADA.userArn },
    lastOperation: { seq: before + 2 },
  });
  expect((await ask('status', app)).stdout).toContain('by Deployer/ada');

  expect((await ask('resume', app)).stdout).toContain(
    `${app}: resumed; ${app}-${before + 3} deploys its newest commit`,
  );
  expect((await world.settled(before + 3)).outcome).toMatchObject({ status: 'synced' });
  expect(await world.value()).toBe('3');

  const history = await askJson<readonly Operation[]>('history', app, '--limit', '3');
  expect(history.map(({ trigger }) => [trigger.kind, trigger.by])).toEqual([
    ['resume', ADA.userArn],
    ['rollback', ADA.userArn],
    ['manual', ADA.userArn],
  ]);
  expect((await ask('history', app)).stdout).toMatch(/rollback by Deployer\/ada +\w{7} +rolledBack/);
});

test('S6: objects are shown from the table, live ones by the function inspect, and compared by the function drift', async () => {
  const { app } = world;
  const objects = await ask('get', app);
  expect(objects.stdout).toMatch(new RegExp(`\nConfigMap/${app}/settings +Synced +Healthy +0 `));
  expect((await ask('tree', app)).stdout).toMatch(new RegExp(`\nConfigMap/${app}/settings +Healthy `));

  const live = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: app };
  await world.kube.edit(live, { data: { value: 'hers' } });
  const diff = await ask('diff', app, '--against', 'live');
  expect(diff).toMatchObject({ exitCode: 1, stderr: '' });
  expect(diff.stdout).toMatch(/data\.value: hers → /);
  expect(await ask('get', app, '--live')).toMatchObject({ exitCode: 1, stderr: '' });
  const head = await ask('diff', app, '--against', 'head');
  expect(head).toMatchObject({ stderr: '' });
  expect(head.stdout).toMatch(/^Deployed → head \w{7}\n/);
  expect((await ask('diff', app, '--object', 'cm/nope', '--against', 'live')).stderr).toContain('(ObjectUnknown)');
  expect((await ask('sync', app, '--wait')).exitCode).toBe(0);
});

test('drift is looked for by the function drift, and shown', async () => {
  const { app } = world;
  const live = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: app };
  await world.kube.edit(live, { data: { value: 'theirs' } });
  const drift = await ask('drift', app, '--now');
  expect(drift).toMatchObject({ exitCode: 1, stderr: '' });
  expect(drift.stdout).toContain('data.value: theirs → ');

  const all = await askJson<readonly DriftView[]>('drift', '--now');
  expect(all).toMatchObject([{ app, status: 'Drifted', count: 1 }]);
  expect((await ask('drift')).exitCode).toBe(1);
  expect((await ask('sync', app, '--wait')).exitCode).toBe(0);
  expect((await ask('drift', app, '--now')).exitCode).toBe(0);
});

test('an error of the deployer is told as on a laptop', async () => {
  expect(await ask('sync', 'nope')).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      'error: Application/nope: is not configured\nhint: check the name; `driftless status` lists the configured applications (ApplicationUnknown)\n',
  });
});

test('what is asked for is logged with whoever asked, and without what it was signed with', async () => {
  await ask('sync', world.app, '--wait');
  const printed = world.printed.join('\n');
  expect(printed).toMatch(new RegExp(`^api .*"requested an operation".*"by":"${ADA.userArn}"`, 'm'));
  expect(printed).not.toMatch(/AWS4-HMAC|a session of the tests, of Ada|a key of the tests, for Ada/);
});
