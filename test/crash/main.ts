// The long run. Kills the deployer at every call to the outside world, before and after it, then real processes at random moments; each run
// must end as an undisturbed one. Then plays random sequences against the model. Exits with 1 where one of them does not end as it should.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { startControlPlane } from '../../dev/control-plane.ts';
import { formatDifference } from './difference.ts';
import { HANDED_OVER, runHandOver } from './handover.ts';
import { type KillRun, runMortal, runProcesses } from './kill-run.ts';
import { playSequence } from './model.ts';
import type { Death } from './mortal.ts';
import { randomFrom } from './random.ts';
import { sequences } from './sequence.ts';

const { values } = parseArgs({
  options: {
    /** How many kills; one half within a process, the other half of processes. */
    kills: { type: 'string', default: '300' },
    /** How many sequences. */
    sequences: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    /** Runs at a time. */
    jobs: { type: 'string', default: '3' },
  },
});

/** One try: what it did, how many deployers died, and what differs from what was to come of it. */
type Tried = { readonly plan: unknown; readonly kills: number; readonly difference: string };
type Count = { runs: number; kills: number; failures: number };

const random = randomFrom(Number(values.seed));
const controlPlane = await startControlPlane();
const { kubeconfigPath: kubeconfig } = controlPlane;
try {
  const half = Math.ceil(Number(values.kills) / 2);
  const within = await runMortal(kubeconfig);
  await repeat('kills within a process', callByCall(within), ({ kills }) => kills >= half);
  const apart = await runProcesses(kubeconfig);
  await repeat('kills of processes', anyMoment(apart), ({ kills }) => kills >= half);
  const handOver = await runHandOver(kubeconfig);
  await repeat(
    'kills while objects change hands',
    changingHands(handOver.calls.length),
    ({ kills }) => kills >= half / 3,
  );
  await repeat('sequences', madeUp(), ({ runs }) => runs >= Number(values.sequences));
} finally {
  await controlPlane.stop();
}

/** Tries until it is enough, several at a time, and tells of each failure. */
async function repeat(name: string, next: () => Promise<Tried>, isEnough: (count: Count) => boolean): Promise<void> {
  const began = performance.now();
  const count: Count = { runs: 0, kills: 0, failures: 0 };
  const work = async (): Promise<void> => {
    while (!isEnough(count)) {
      count.runs += 1;
      const { plan, kills, difference } = await next();
      count.kills += kills;
      if (difference === '') continue;
      count.failures += 1;
      process.exitCode = 1;
      print(`${name}: ${JSON.stringify(plan)} ended otherwise:\n${difference}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  const seconds = Math.round((performance.now() - began) / 1000);
  print(`${name}: ${count.runs} runs, ${count.kills} kills, ${count.failures} ended otherwise, ${seconds} s`);
}

/** Each call before and after it, in random order, then from the beginning; every fourth run dies twice more. */
function callByCall(undisturbed: KillRun): () => Promise<Tried> {
  let left: Death[] = [];
  let runs = 0;
  return () => {
    if (left.length === 0) left = random.shuffled(everyDeath(undisturbed.calls));
    runs += 1;
    const again = runs % 4 === 0 ? [random.death(undisturbed.calls), random.death(undisturbed.calls)] : [];
    const plan = [...left.splice(0, 1), ...again];
    return tried(plan, undisturbed, () => runMortal(kubeconfig, plan));
  };
}

/** One to four deaths, with a request or after some milliseconds. */
function anyMoment(undisturbed: KillRun): () => Promise<Tried> {
  return () => {
    const plan = Array.from({ length: random.below(4) + 1 }, () =>
      random.below(2) === 0 ? { death: random.death(undisturbed.calls) } : { deathMs: random.below(6_000) },
    );
    return tried(plan, undisturbed, () => runProcesses(kubeconfig, plan));
  };
}

/** One to three deaths, while objects go from one application to another. */
function changingHands(calls: number): () => Promise<Tried> {
  return async () => {
    const plan = Array.from({ length: random.below(3) + 1 }, () => random.death(calls));
    try {
      const { objects, deaths } = await runHandOver(kubeconfig, plan);
      const isAlike = isDeepStrictEqual(objects, HANDED_OVER);
      return { plan, kills: deaths.length, difference: isAlike ? '' : formatDifference(HANDED_OVER, objects) };
    } catch (error) {
      return { plan, kills: 0, difference: explained(error) };
    }
  };
}

function madeUp(): () => Promise<Tried> {
  const all = fc.sample(sequences(12), { seed: Number(values.seed), numRuns: Number(values.sequences) + 10 });
  return async () => {
    const plan = all.shift() ?? [];
    try {
      const { expected, actual, deaths } = await playSequence(kubeconfig, plan);
      const isAlike = isDeepStrictEqual(actual, expected);
      return { plan, kills: deaths, difference: isAlike ? '' : formatDifference(expected, actual) };
    } catch (error) {
      return { plan, kills: 0, difference: explained(error) };
    }
  };
}

async function tried(plan: unknown, undisturbed: KillRun, run: () => Promise<KillRun>): Promise<Tried> {
  try {
    const { picture, deaths } = await run();
    const isAlike = isDeepStrictEqual(picture, undisturbed.picture);
    return { plan, kills: deaths.length, difference: isAlike ? '' : formatDifference(undisturbed.picture, picture) };
  } catch (error) {
    return { plan, kills: 0, difference: explained(error) };
  }
}

function explained(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${String(error.cause ?? '')}` : String(error);
}

function everyDeath(calls: number): Death[] {
  return Array.from({ length: calls }, (_, place) => place + 1).flatMap((call): Death[] => [
    { call, when: 'before' },
    { call, when: 'after' },
  ]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
