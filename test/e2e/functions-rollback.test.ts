// The functions as they are put on Lambda, from an alarm to the last good deployment.

import { alarmEvent } from '../functions/events.ts';
import { openWorld, type World } from '../functions/world.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await openWorld({ spec: { rollback: { alarms: ['shop-5xx'], bakeTime: '5m' } } });
  world.aws.alarms.push({ name: 'shop-5xx', type: 'metric', state: 'OK' });
  await world.push({ 'deploy/settings.yaml': yaml(configMap('settings', 'good')) });
  await world.functions.sweep.invoke({});
  await world.settled(1);
});
afterAll(() => world.stop());

test('an alarm within the bake time brings the last good deployment back, tells people, and holds the commit', async () => {
  await world.deliver(await world.push({ 'deploy/settings.yaml': yaml(configMap('settings', 'bad')) }));
  expect((await world.settled(2)).outcome).toMatchObject({ status: 'synced' });
  expect(await world.value()).toBe('bad');

  // EventBridge delivers at least once.
  await world.functions.alarm.invoke(alarmEvent('shop-5xx'));
  await world.functions.alarm.invoke(alarmEvent('shop-5xx'));
  expect(await world.settled(3)).toMatchObject({
    trigger: { kind: 'rollback', by: 'shop-5xx' },
    outcome: { status: 'rolledBack' },
  });
  expect(await world.value()).toBe('good');
  expect(world.aws.published.map(({ attributes }) => attributes['kind'])).toContain('alarm.rolledBack');

  await world.functions.sweep.invoke({});
  expect(await world.state.application(world.app)).toMatchObject({
    desiredSeq: 3,
    held: [{ reason: expect.stringContaining('shop-5xx') }],
  });
});
