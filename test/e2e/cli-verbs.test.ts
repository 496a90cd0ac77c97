// The verbs that users of Argo CD look for, as their users run them, on the real API server.
import type { Operation } from '../../lib/model/operation.ts';
import { type CliWorld, startCliWorld } from './cli-world.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(180_000);

let world: CliWorld;

afterEach(() => world.stop());

test('a sync is planned on the server, terminated by name, waited for in vain, and refreshed', async () => {
  world = await startCliWorld({ 'a.yaml': yaml(configMap('settings', 'one')) }, { drift: { mode: 'off' } });
  const { app, ask, askJson, kube, repository } = world;
  await ask('suspend', app, '--reason', 'test');
  await repository.push({ 'web.yaml': yaml(deployment('web', 'slow')) });

  const plan = await ask('sync', app, '--dry-run');
  expect(plan).toMatchObject({ exitCode: 1, stderr: '' });
  expect(plan.stdout).toMatch(
    new RegExp(`^${app} at \\w{7}:\n\\+ Deployment/${app}/web created\n1 created, 1 unchanged\n$`),
  );
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app, name: 'web' };
  expect(await kube.get(web)).toBeUndefined();

  expect(await ask('sync', app)).toMatchObject({ exitCode: 0, stdout: `${app}-2: started\n` });
  await world.dev.line(new RegExp(`finished stage app=${app} .*stage=apply`));
  const terminated = await ask('terminate', app, '--wait');
  expect(terminated).toMatchObject({ exitCode: 0, stderr: '' });
  expect(terminated.stdout).toMatch(
    new RegExp(`^${app}-3: operation 2 was terminated by .+; what it had applied stays`),
  );
  const [record, ended] = await askJson<readonly Operation[]>('history', app);
  expect([record?.trigger, ended?.outcome?.status]).toEqual([
    { kind: 'terminate', toSeq: 2, by: expect.any(String) },
    'superseded',
  ]);
  expect((await ask('terminate', app)).stderr).toMatch(
    /no operation runs; nothing was ended\nhint: .*\(NothingRuns\)\n$/,
  );

  const waited = await ask('wait', app, '--sync', '--timeout', '1s');
  expect([waited.exitCode, waited.stdout]).toEqual([
    1,
    expect.stringContaining(`${app}: timed out; sync is OutOfSync`),
  ]);
  await repository.push({ 'web.yaml': undefined });
  const refreshed = await ask('refresh', app);
  expect([refreshed.exitCode, refreshed.stderr]).toEqual([1, '']);
  expect(await ask('resume', app)).toMatchObject({ exitCode: 0 });
  expect(await ask('wait', app)).toEqual({ exitCode: 0, stdout: `${app}: Synced, Healthy\n`, stderr: '' });
});

test('S7: refusals are whole and one a line in sync --wait, status and history, and the exit code is 2', async () => {
  world = await startCliWorld({ 'a.yaml': yaml(configMap('settings', 'one')) });
  const { app, ask, repository } = world;
  await repository.push({ 'b.yaml': yaml(service('a', 80_000), service('b', 'x')) });
  await world.ended('refused');
  const lines = [
    expect.stringMatching(`^ {2,}Service/${app}/a: spec\\.ports\\[0\\]\\.port: .*80000.* \\(b\\.yaml:1\\)$`),
    expect.stringMatching(`^ {2,}Service/${app}/b: spec\\.ports.*got string \\(b\\.yaml:\\d+\\)$`),
  ];
  for (const args of [['sync', app, '--wait'], ['status'], ['status', app]]) {
    const { exitCode, stdout } = await ask(...args);
    expect([exitCode, stdout.split('\n')]).toEqual([2, expect.arrayContaining(lines)]);
  }
  expect((await ask('history', app)).stdout.split('\n')).toEqual(expect.arrayContaining(lines));
});
