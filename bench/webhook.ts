// Signed deliveries from another process, of 50 repositories in turn. One in eleven is a new commit on the branch that is deployed, and its operation runs
// in the same deployer; the others are on branches that no application deploys. Acknowledgements at 50 a second, then at twice the rate again and again until
// they come late or not at all.
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ended } from './ended.ts';
import { type Figure, figuresOf, percentile } from './figures.ts';
import { applicationsYaml, configMapObject, toYaml } from './objects.ts';
import { type Bench, type Rig, withBench } from './rig.ts';
import type { Load } from './webhook-load.ts';

const REPOSITORIES = Array.from({ length: 50 }, (_, n) => `repository-${n}`);
const NAMESPACE = 'bench-webhook';
const RATE = 50;
const SECONDS = 10;
const HIGHEST_RATE = 1_600;
/** When a forge gives up; a delivery that is not answered with 202 counts as one that took as long. */
const GIVEN_UP_MS = 10_000;
/** A deployer that needs so long is in trouble. */
const BROKEN_MS = 1_000;

/** Measures acknowledgements of webhooks. */
export async function benchWebhook(rig: Rig): Promise<readonly Figure[]> {
  for (const n of REPOSITORIES.keys()) await rig.createNamespace(`${NAMESPACE}-${n}`);
  const files = { 'app/object.yaml': toYaml([configMapObject('object', 'begin')]) };
  return withBench(rig, { name: 'webhook', files }, async (bench) => {
    const load = await prepare(bench);
    await deliveries({ ...load, perSecond: RATE, seconds: 2 });
    const steady = await deliveries({ ...load, perSecond: RATE, seconds: SECONDS });
    const { holds, breaks } = await untilBroken(load);
    const figure = figuresOf('webhook');
    return [
      figure('ack.p50', percentile(steady, 50) / 1000, { unit: 's' }),
      figure('ack.p99', percentile(steady, 99) / 1000, { unit: 's', wanted: 0.05 }),
      figure('holdsAt', holds.rate, { unit: '1/s' }),
      figure('holdsAt.p99', holds.p99 / 1000, { unit: 's' }),
      ...(breaks === undefined
        ? []
        : [figure('breaksAt', breaks.rate, { unit: '1/s' }), figure('breaksAt.p50', breaks.p50 / 1000, { unit: 's' })]),
    ];
  });
}

/** One application for each repository; the repositories are copies of one. */
async function prepare({
  forge,
  deployer,
  folder,
  webhookSecret,
}: Bench): Promise<Omit<Load, 'perSecond' | 'seconds'>> {
  const origin = join(folder, 'repositories', `${forge.url.split('/').at(-1)}`);
  for (const name of REPOSITORIES) await cp(origin, join(folder, 'repositories', `${name}.git`), { recursive: true });
  const repos = REPOSITORIES.map((name) => new URL(`${name}.git`, forge.url).href);
  const documents = repos.map((repo, n) =>
    applicationsYaml(repo, [{ name: `webhook-${n}`, path: 'app', namespace: `${NAMESPACE}-${n}` }]),
  );
  await deployer.load(documents.join('\n---\n'));
  for (const n of repos.keys()) await ended(deployer, `webhook-${n}`, 1);
  return { url: deployer.webhookUrl, secret: webhookSecret, repos };
}

type AtRate = { readonly rate: number; readonly p50: number; readonly p99: number };

async function untilBroken(load: Omit<Load, 'perSecond' | 'seconds'>): Promise<{ holds: AtRate; breaks?: AtRate }> {
  let holds: AtRate = { rate: 0, p50: 0, p99: 0 };
  for (let rate = RATE; rate <= HIGHEST_RATE; rate *= 2) {
    const times = await deliveries({ ...load, perSecond: rate, seconds: 5 });
    const now = { rate, p50: percentile(times, 50), p99: percentile(times, 99) };
    if (now.p99 > BROKEN_MS) return { holds, breaks: now };
    holds = now;
  }
  return { holds };
}

const GENERATOR = fileURLToPath(new URL('webhook-load.ts', import.meta.url));

/** Milliseconds of each acknowledgement. */
async function deliveries(load: Load): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [GENERATOR, JSON.stringify(load)], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const times: readonly (number | null)[] = JSON.parse(stdout);
  return times.map((ms) => ms ?? GIVEN_UP_MS);
}
