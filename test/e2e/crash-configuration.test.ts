// A deployer dies between reading a configuration and asking for the operation that deploys it.
import { configMap, manifests } from '../crash/example.ts';
import type { Death } from '../crash/mortal.ts';
import { startMortalDeployer } from '../crash/mortal-deployer.ts';
import { liveObjects } from '../crash/picture.ts';
import { openWorld, until, type World } from '../crash/world.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 120_000;

/** Starts a deployer with the configuration of a world; gives what is live when nothing is left to do after this many operations. */
async function deployed(world: World, seq: number): Promise<readonly string[]> {
  const deployer = await startMortalDeployer(world);
  await deployer.load();
  await until('the operation', async () => ((await world.resting())?.seq === seq ? true : undefined));
  await deployer.end();
  return (await liveObjects(world)).map(({ metadata }) => metadata.name);
}

async function dieLoading(world: World, death: Death): Promise<string> {
  const deployer = await startMortalDeployer(world, death);
  void deployer.load();
  const where = await deployer.died;
  await deployer.end();
  return where;
}

test.concurrent.each([
  ['before it asks for the operation', { call: 1, of: 'state.request', when: 'before' }],
  ['before it starts the operation', { call: 1, of: 'operations.start', when: 'before' }],
] as const)(
  'a new and a changed configuration are deployed by the next deployer where one dies %s',
  async (_when, death) => {
    const world = await openWorld(kubeconfigPath());
    const app: typeof world.app = { ...world.app, sources: [{ ...world.app.sources[0], path: 'moved' }] };
    const moved = { ...world, app, apps: [app] };
    try {
      const files = {
        'deploy/a.json': manifests([configMap('here', '1')]),
        'moved/b.json': manifests([configMap('there', '1')]),
      };
      await world.repository.push(await world.repository.commit(files));
      expect(await dieLoading(world, death)).toBe(`before ${death.of}`);
      expect(await deployed(world, 1)).toEqual(['here']);
      expect(await dieLoading(moved, death)).toBe(`before ${death.of}`);
      expect(await deployed(moved, 2)).toEqual(['there']);
    } finally {
      await world.close();
    }
  },
  PATIENCE_MS,
);
