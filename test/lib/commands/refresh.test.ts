// What a refresh says of a Git server, whatever the view still shows.
import { refreshApplication } from '../../../lib/commands/refresh.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();
const gone = (): Promise<never> => Promise.reject(new DriftlessError('GitUnreachable', 'no Git server'));

async function refreshed(rig: Rig, git: Pick<Rig['ports']['git'], 'resolve'>): Promise<unknown> {
  const ports = { ...rig.ports, git: { ...rig.ports.git, ...git } };
  const look = (apps: readonly string[]): Promise<void> => sweep(ports, apps);
  return refreshApplication('shop', { ...ports, look, check: async () => [] });
}

test('a Git server that does not answer is told at once, while its source does not count as lost yet', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const application = { sync: { status: 'Synced' } };
  expect(await refreshed(rig, rig.ports.git)).toMatchObject({ application, git: 'asked' });
  expect(await refreshed(rig, { resolve: gone })).toMatchObject({
    ...{ application, git: 'unanswered', reason: 'no Git server' },
  });
  expect(await refreshed(rig, rig.ports.git)).toMatchObject({ application, git: 'asked' });
});
