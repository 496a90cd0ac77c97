import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { validConfig } from '../config-folder.ts';
import { EXAMPLE_FOLDER, exampleConfig } from '../demo/example.ts';
import { type Forge, startForge } from '../demo/forge.ts';
import { type TourResult, walk } from '../demo/tour.ts';
import { createLog, type LogLine } from '../log.ts';
import { EXIT } from '../output.ts';
import { type Deployer, startDeployer } from '../wiring.ts';
import { interrupted } from './dev.ts';

export type DemoOptions = { readonly once: boolean; readonly output: 'text' | 'json' };

/** `demo`: everything on this machine, shown at work; then it stays up. */
export async function demo({ once, output }: DemoOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-demo-'));
  const say = (line: string): void => void (output === 'json' ? process.stderr : process.stdout).write(`${line}\n`);
  try {
    const webhookSecret = randomBytes(24).toString('hex');
    const forge = await startForge({ folder, example: EXAMPLE_FOLDER, webhookSecret });
    try {
      return await show(forge, { folder, webhookSecret, say, once, output });
    } finally {
      await forge.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Show = DemoOptions & {
  readonly folder: string;
  readonly webhookSecret: string;
  readonly say: (line: string) => void;
};

async function show(forge: Forge, { folder, webhookSecret, say, once, output }: Show): Promise<number> {
  const began = performance.now();
  say('Starting a Kubernetes control plane, DynamoDB, a Git server and the deployer …');
  const deployer = await startDeployer({
    stateDir: join(folder, 'state'),
    port: 0,
    secrets: { webhooks: { github: [webhookSecret] }, repositories: {} },
    log: createLog((line) => sayStage(line, say)),
  });
  try {
    forge.deliverTo(`${deployer.url}/webhooks/github`);
    const started = { name: 'start', outcome: 'ready', ms: Math.round(performance.now() - began) };
    say(`   ready after ${(started.ms / 1000).toFixed(1)} s`);
    const config = validConfig(parseConfig(new Map([['example.yaml', exampleConfig(forge.url)]])));
    const cluster = await deployer.clusters.open('local');
    await deployer.load(config);
    const { steps, pushToLiveMs } = await walk({ forge, deployer, cluster, say });
    const result: TourResult = { steps: [started, ...steps], pushToLiveMs };
    say('\nThe tour is over.');
    if (!once) await stayUp(forge, deployer, say);
    if (output === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await deployer.stop();
  }
  return EXIT.ok;
}

async function stayUp(forge: Forge, { kubeconfigPath, url }: Deployer, say: (line: string) => void): Promise<void> {
  say(`\nPush more yourself: edit files in ${forge.clone}, then`);
  say(`   cd ${forge.clone} && git commit -am "my change" && git push`);
  say(`Look at the cluster: kubectl --kubeconfig ${kubeconfigPath} get all -n shop`);
  say(`Webhooks arrive at ${url}/webhooks/github. Stop with Ctrl-C.`);
  await interrupted();
}

/** Of the deployer's log, what happens stage by stage. */
function sayStage({ level, message, fields }: LogLine, say: (line: string) => void): void {
  const app = String(fields['app'] ?? '').padEnd(6);
  if (message === 'finished stage')
    say(`   ${app} ${String(fields['stage']).padEnd(10)} ${String(fields['ms']).padStart(5)} ms`);
  else if (message === 'ended operation') say(`   ${app} ${fields['outcome']}: ${fields['message']}`);
  else if (message === 'looked at health' && fields['status'] === 'waiting') say(`   ${app} waiting: ${fields['message']}`);
  else if (level === 'error') say(`   ${app} ${message}: ${fields['message'] ?? ''}`);
}
