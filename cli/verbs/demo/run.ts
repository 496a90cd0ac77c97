import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../lib/config/parse-config.ts';
import { systemClock } from '../../../lib/runtime/system-clock.ts';
import { commandName } from '../../command-name.ts';
import { validConfig } from '../../dev/config/config-folder.ts';
import { every } from '../../dev/every.ts';
import { requireGit, requireLinux } from '../../dev/platform.ts';
import { type Running, runUntilInterrupted } from '../../dev/stopping.ts';
import { type Deployer, startDeployer } from '../../dev/wiring.ts';
import { EXIT } from '../../text/output.ts';
import { withProgress } from '../../text/progress.ts';
import { EXAMPLE_FOLDER, exampleConfig } from './example.ts';
import { type Forge, startForge } from './forge.ts';
import { openKubectl } from './kubectl.ts';
import type { TourPorts } from './look.ts';
import { Narrator, type Say } from './narrator.ts';
import { firstLook, type TourResult, undoLast, walk } from './tour.ts';

export type DemoOptions = { readonly once?: boolean; readonly output: 'text' | 'json' };

/** Short, since people change objects manually and watch the result. */
const SCAN_MS = 10_000;

/** `demo`: runs everything on this machine and shows it at work, then stays up. At the end it removes everything. */
export async function demo({ once = false, output }: DemoOptions): Promise<number> {
  requireLinux('demo');
  requireGit();
  const running = runUntilInterrupted();
  const say: Say = (line) => void (output === 'json' ? process.stderr : process.stdout).write(`${line}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'driftless-demo-'));
  try {
    const webhookSecret = randomBytes(24).toString('hex');
    const forge = await startForge({ folder, example: EXAMPLE_FOLDER, webhookSecret });
    try {
      return await show(forge, { folder, webhookSecret, say, once, output, running });
    } finally {
      await forge.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Show = Required<DemoOptions> & {
  readonly folder: string;
  readonly webhookSecret: string;
  readonly say: Say;
  readonly running: Running;
};

async function show(forge: Forge, options: Show): Promise<number> {
  const { folder, webhookSecret, say, once, output, running } = options;
  const began = performance.now();
  say('Driftless demo: a Git server, a Kubernetes control plane, DynamoDB and the deployer, all on this machine');
  const narrator = new Narrator(say);
  const deployer = await withProgress('starting the control plane and the deployer', () =>
    startDeployer({
      stateDir: join(folder, 'state'),
      port: 0,
      secrets: { webhooks: { github: [webhookSecret] }, repositories: {} },
      log: narrator.log,
    }),
  );
  const interrupted = running.interrupted.then(() => 'interrupted' as const);
  const unannounce = await running.serve(deployer);
  try {
    forge.deliverTo(`${deployer.url}/webhooks/github`);
    const cluster = await deployer.clusters.open('local');
    const kubectl = await openKubectl(deployer.kubeconfigPath ?? '', folder);
    const ports = { forge, deployer, cluster, kubectl, say };
    const result = await Promise.race([tour(ports, narrator, began), interrupted]);
    if (result === 'interrupted') return EXIT.interrupted;
    if (!once) {
      const end = every(SCAN_MS, () => scanQuietly(deployer), systemClock);
      await Promise.race([stayUp(ports, narrator).then(() => interrupted), interrupted]);
      await end();
    }
    if (output === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
    return EXIT.ok;
  } finally {
    narrator.tell('nothing');
    await unannounce();
    await deployer.stop();
  }
}

async function tour(ports: TourPorts, narrator: Narrator, began: number): Promise<TourResult> {
  const { deployer, forge, say } = ports;
  await deployer.load(validConfig(parseConfig(new Map([['example.yaml', exampleConfig(forge.url)]]))));
  await firstLook(ports);
  const started = { name: 'start', outcome: 'ready', ms: Math.round(performance.now() - began) };
  say(
    `ready after ${(started.ms / 1000).toFixed(1)} s; three applications wait for the first commit to an empty repository`,
  );
  narrator.tell('stages');
  const { steps, pushToLiveMs } = await walk(ports);
  say('\nThe tour has ended.');
  return { steps: [started, ...steps], pushToLiveMs };
}

/** A scan that fails is repeated by the next one. */
async function scanQuietly(deployer: Deployer): Promise<void> {
  await deployer.scan().catch(() => undefined);
}

async function stayUp(ports: TourPorts, narrator: Narrator): Promise<void> {
  const { forge, deployer, say } = ports;
  narrator.tell('nothing');
  await undoLast(ports);
  narrator.tell('everything');
  for (const line of invitation(forge, deployer)) say(line);
}

function invitation({ clone }: Forge, { kubeconfigPath, url }: Deployer): readonly string[] {
  return [
    'The last commit has been reverted, so that you can continue from a good state:',
    '',
    `   cd ${clone}`,
    '   # edit web/deployment.yaml, then',
    '   git commit -am "my change" && git push',
    '',
    `   kubectl --kubeconfig ${kubeconfigPath} -n shop get all`,
    `   kubectl --kubeconfig ${kubeconfigPath} -n shop scale deployment/web --replicas=5   # reverted within ten seconds`,
    '',
    `   ${commandName()} status --url ${url}`,
    `   ${commandName()} drift --url ${url}   # changes to cache are only reported`,
    '',
    `Webhooks arrive at ${url}/webhooks/github. Press Ctrl-C to stop.`,
  ];
}
