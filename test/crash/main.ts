// The long run: kills the deployer at every call to the outside world, before and after it, and real processes at random moments; each run
// must end as an undisturbed one. Exits with 1 where one does not.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { startControlPlane } from '../../dev/control-plane.ts';
import { formatDifference } from './difference.ts';
import { type KillRun, runMortal, runProcesses } from './kill-run.ts';
import type { Death } from './mortal.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({
  options: {
    /** How many kills in all; half of them within one process, half of processes. */
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    /** Runs at a time. */
    jobs: { type: 'string', default: '3' },
  },
});

type Form = {
  readonly name: string;
  readonly undisturbed: KillRun;
  readonly next: () => Promise<{ readonly plan: unknown; readonly run: KillRun }>;
};

const random = randomFrom(Number(values.seed));
const controlPlane = await startControlPlane();
const { kubeconfigPath: kubeconfig } = controlPlane;
let failures = 0;
try {
  const within = await runMortal(kubeconfig);
  const apart = await runProcesses(kubeconfig);
  const kills = Number(values.kills);
  const forms: readonly Form[] = [
    { name: 'calls', undisturbed: within, next: callByCall(within.calls) },
    { name: 'processes', undisturbed: apart, next: randomly(apart.calls) },
  ];
  for (const form of forms) failures += await killUntil(form, Math.ceil(kills / forms.length));
} finally {
  await controlPlane.stop();
}
process.exitCode = failures === 0 ? 0 : 1;

/** Runs until so many deployers have died; gives how many runs ended otherwise than the undisturbed one. */
async function killUntil({ name, undisturbed, next }: Form, wanted: number): Promise<number> {
  const began = performance.now();
  const count = { kills: 0, runs: 0, failures: 0 };
  const work = async (): Promise<void> => {
    while (count.kills < wanted) {
      const { plan, run } = await next();
      count.kills += run.deaths.length;
      count.runs += 1;
      if (isDeepStrictEqual(run.picture, undisturbed.picture)) continue;
      count.failures += 1;
      print(`${name}: differs after ${JSON.stringify(plan)} (${run.deaths.join(', ')})`);
      print(formatDifference(undisturbed.picture, run.picture));
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  const seconds = Math.round((performance.now() - began) / 1000);
  print(`${name}: ${count.kills} kills in ${count.runs} runs, ${count.failures} differ, ${seconds} s`);
  return count.failures;
}

/** Each call before and after it, in random order, then from the beginning; every fourth run dies twice more. */
function callByCall(calls: number): Form['next'] {
  let left: Death[] = [];
  let runs = 0;
  return async () => {
    if (left.length === 0) left = random.shuffled(everyDeath(calls));
    runs += 1;
    const again = runs % 4 === 0 ? [random.death(calls), random.death(calls)] : [];
    const plan = [...left.splice(0, 1), ...again];
    return { plan, run: await runMortal(kubeconfig, plan) };
  };
}

/** One to four deaths, with a request or after some milliseconds. */
function randomly(calls: number): Form['next'] {
  return async () => {
    const plan = Array.from({ length: random.below(4) + 1 }, () =>
      random.below(2) === 0 ? { death: random.death(calls) } : { deathMs: random.below(6_000) },
    );
    return { plan, run: await runProcesses(kubeconfig, plan) };
  };
}

function everyDeath(calls: number): Death[] {
  return Array.from({ length: calls }, (_, place) => place + 1).flatMap((call) => [
    { call, when: 'before' as const },
    { call, when: 'after' as const },
  ]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
