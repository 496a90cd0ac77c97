// A sample of `npm run crash`: the deployer as a process, ended with SIGKILL.
import { type KillRun, runProcesses } from '../crash/kill-run.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 120_000;

let known: Promise<KillRun> | undefined;

function undisturbed(): Promise<KillRun> {
  known ??= runProcesses(kubeconfigPath());
  return known;
}

test.concurrent(
  'a deployer that is killed at every fortieth request ends as one that was left alone',
  async () => {
    const kills = [1, 2, 3].map(() => ({ death: { call: 40, when: 'after' } }) as const);
    const { picture, deaths } = await runProcesses(kubeconfigPath(), kills);
    expect(deaths).toHaveLength(3);
    expect(picture).toEqual((await undisturbed()).picture);
  },
  PATIENCE_MS,
);

test.concurrent(
  'a deployer that is killed whenever it has run for two seconds ends as one that was left alone',
  async () => {
    const kills = [1, 2, 3].map(() => ({ deathMs: 2_000 }));
    const { picture, deaths } = await runProcesses(kubeconfigPath(), kills);
    expect(deaths).toContain('after 2000 ms');
    expect(picture).toEqual((await undisturbed()).picture);
  },
  PATIENCE_MS,
);
