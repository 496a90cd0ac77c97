// The functions as they are put on Lambda, from a push to live objects.
import { openWorld, type World } from '../functions/world.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

const settings = (value: string) => ({ 'deploy/settings.yaml': yaml(configMap('settings', value)) });

describe.each(['dynoxide', 'dynamodb-local'] as const)('on %s', (emulator) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ emulator });
  });
  afterAll(() => world.stop());

  test('the first sweep loads the configuration and deploys, and a signed push ends in live objects', async () => {
    await world.push(settings('1'));
    await world.functions.sweep.invoke({});
    expect((await world.settled(1)).outcome).toMatchObject({ status: 'synced', message: '2 created' });
    expect(await world.value()).toBe('1');

    const reply = await world.deliver(await world.push(settings('2')));
    expect([reply.statusCode, JSON.parse(reply.body ?? '')]).toEqual([
      202,
      expect.objectContaining({ applications: [{ app: world.app, status: 'started', operation: `${world.app}-2` }] }),
    ]);
    expect((await world.settled(2)).outcome).toMatchObject({ status: 'synced', message: '1 configured' });
    expect(await world.value()).toBe('2');
    expect(new Set(world.api.writes)).toEqual(
      new Set([`PATCH /api/v1/namespaces/${world.app}`, `PATCH /api/v1/namespaces/${world.app}/configmaps/settings`]),
    );
  });
});

describe('a push', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.push(settings('begin'));
    await world.functions.sweep.invoke({});
    await world.settled(1);
  });
  afterAll(() => world.stop());

  /** What the operation for a push came to. */
  const deploy = async (changes: Parameters<World['push']>[0]) => {
    const { desiredSeq = 0 } = (await world.state.application(world.app)) ?? {};
    await world.deliver(await world.push(changes));
    return (await world.settled(desiredSeq + 1)).outcome;
  };
  const renderings = () => world.aws.calls.filter(({ input }) => input['FunctionName'] === 'driftless-render').length;

  const kustomization = yaml({
    configMapGenerator: [{ name: 'settings', literals: ['value=rendered'] }],
    generatorOptions: { disableNameSuffixHash: true },
  });

  test('of a Kustomize overlay is rendered by the function that has the tools', async () => {
    const before = renderings();
    const outcome = await deploy({ 'deploy/settings.yaml': undefined, 'deploy/kustomization.yaml': kustomization });
    expect(outcome).toMatchObject({ status: 'synced' });
    expect([await world.value(), renderings()]).toEqual(['rendered', before + 1]);

    const broken = await deploy({ 'deploy/kustomization.yaml': yaml({ resources: ['nothing.yaml'] }) });
    expect(broken).toMatchObject({ status: 'failed', error: { code: 'RenderFailed' } });
    expect(broken?.message).toContain('nothing.yaml');

    expect(await deploy({ 'deploy/kustomization.yaml': undefined, ...settings('end') })).toMatchObject({
      status: 'synced',
    });
  });

  test('to the configuration has the sweep follow it at once', async () => {
    const { desiredSeq = 0 } = (await world.state.application(world.app)) ?? {};
    const reply = await world.deliver(await world.configure({ drift: { mode: 'off' } }));
    expect([reply.statusCode, JSON.parse(reply.body ?? '')]).toEqual([
      202,
      expect.objectContaining({ configuration: { status: 'asked' } }),
    ]);
    expect((await world.settled(desiredSeq + 1)).trigger.kind).toBe('config');
    expect((await world.state.application(world.app))?.app.drift).toEqual({ mode: 'off' });
  });

  test('with a wrong signature is refused, and nothing is asked for', async () => {
    const { desiredSeq } = (await world.state.application(world.app)) ?? {};
    const { headers, body } = await world.push(settings('forged'));
    const reply = await world.deliver({
      headers: { ...headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      body,
    });
    expect([reply.statusCode, JSON.parse(reply.body ?? '')]).toEqual([
      401,
      { error: expect.objectContaining({ code: 'SignatureMismatch' }) },
    ]);
    expect(world.printed.findLast((line) => line.startsWith('webhook'))).toContain('"webhookSignatureFailures":1');
    expect((await world.state.application(world.app))?.desiredSeq).toBe(desiredSeq);
    await world.functions.sweep.invoke({});
    expect((await world.settled((desiredSeq ?? 0) + 1)).trigger.kind).toBe('sweep');
  });
});
