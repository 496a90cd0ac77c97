// One run of the example with deployers that die, and what became of it.

import { type DeployerProcess, type ProcessOptions, startDeployerProcess } from './deployer-process.ts';
import { exampleCommits } from './example.ts';
import type { Death } from './mortal.ts';
import { type MortalDeployer, startMortalDeployer } from './mortal-deployer.ts';
import { type Picture, pictureOf } from './picture.ts';
import { play, type Victim } from './play.ts';
import { openWorld, type World } from './world.ts';

export type KillRun = {
  readonly picture: Picture;
  /** Where the deployers died. */
  readonly deaths: readonly string[];
  /** How many calls to the outside world the first deployer made. */
  readonly calls: number;
};

/** Runs the example in this process; the n-th deployer dies the n-th death, further ones live. */
export async function runMortal(kubeconfig: string, deaths: readonly Death[] = []): Promise<KillRun> {
  const started: MortalDeployer[] = [];
  const run = await runExample(kubeconfig, async (world, incarnation) => {
    const deployer = await startMortalDeployer(world, deaths[incarnation]);
    started.push(deployer);
    return deployer;
  });
  return { ...run, calls: started[0]?.mortal.calls.length ?? 0 };
}

/** The same with processes of their own, which are killed with SIGKILL. */
export async function runProcesses(kubeconfig: string, deaths: readonly ProcessOptions[] = []): Promise<KillRun> {
  const started: DeployerProcess[] = [];
  const run = await runExample(kubeconfig, async (world, incarnation) => {
    const deployer = await startDeployerProcess(world, deaths[incarnation]);
    started.push(deployer);
    return deployer;
  });
  return { ...run, calls: started[0]?.requests.length ?? 0 };
}

type Start = (world: World, incarnation: number) => Promise<Victim>;

async function runExample(kubeconfig: string, start: Start): Promise<Omit<KillRun, 'calls'>> {
  const world = await openWorld(kubeconfig);
  try {
    const commits = exampleCommits(world.app.name);
    const { revisions, deaths } = await play(world, commits, (incarnation) => start(world, incarnation));
    return { picture: await pictureOf(world, revisions), deaths };
  } finally {
    await world.close();
  }
}
