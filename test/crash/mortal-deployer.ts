// The deployer within this process, put together as cli/wiring.ts does it, but mortal.

import { join } from 'node:path';
import { dynamoDbClient } from '../../dev/dynamodb.ts';
import { createJournal } from '../../dev/journal.ts';
import { createFolderBlobs } from '../../lib/blobs/folder-blobs.ts';
import { applyConfig } from '../../lib/config-repo/apply.ts';
import { durableHandler } from '../../lib/flow/durable-flow.ts';
import { createGit } from '../../lib/git/git.ts';
import { createCluster } from '../../lib/kube/cluster.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import type { Renderer } from '../../lib/ports/render.ts';
import type { Clock, Secrets } from '../../lib/ports/runtime.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import type { SyncRequest } from '../../lib/sync/operation/run.ts';
import { syncApp } from '../../lib/sync/sync.ts';
import { receivePush } from '../../lib/triggers/receive-push.ts';
import { sweep } from '../../lib/triggers/sweep.ts';
import { FakeProjects } from '../fakes/projects.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { delivery } from './delivery.ts';
import { type Death, Mortal } from './mortal.ts';
import type { Victim } from './play.ts';
import { TABLE_NAME, type World } from './world.ts';

export type MortalDeployer = Victim & { readonly mortal: Mortal; readonly log: RecordingLog };

/** Starts one on the state that the one before has left. */
export async function startMortalDeployer(world: World, death?: Death): Promise<MortalDeployer> {
  const mortal = new Mortal(death);
  const log = new RecordingLog();
  const journal = await createJournal({ dir: join(world.folder, 'state/journal'), clock: systemClock, log });
  const client = dynamoDbClient(world.dynamoDbEndpoint);
  const cluster = createCluster(world.access, { clock: systemClock, log, version: 'test' });
  const secrets: Secrets = { webhookSecrets: async () => [world.secret], gitCredentials: async () => undefined };
  const ports = {
    state: mortal.bind(
      'state',
      createStateStore({ client, table: TABLE_NAME, clock: systemClock, worker: journal.id }),
    ),
    git: mortal.bind('git', createGit({ secrets })),
    blobs: mortal.bind('blobs', createFolderBlobs(join(world.folder, 'state/blobs'))),
    clusters: { open: async () => mortal.bind<Cluster>('cluster', cluster) },
    projects: new FakeProjects(),
    operations: mortal.bind('operations', journal.operations),
    renderer: NO_TOOLS,
    toolVersions: 'none',
    secrets,
    clock: mortalClock(mortal),
    log,
    deployer: 'crash',
  };
  const options = { client: mortal.bind('journal', journal.client), log };
  journal.resume(durableHandler((request: SyncRequest, flow) => syncApp(request, flow, ports), options));
  return {
    mortal,
    log,
    died: mortal.died,
    async load() {
      await applyConfig(world.apps, ports);
      await sweep(ports);
    },
    deliver: async (push) => (await receivePush({ forge: 'github', ...delivery(push, world) }, ports)).status,
    async end() {
      mortal.kill('the end');
      await journal.stop(0);
      await cluster.close();
      client.destroy();
    },
  };
}

/** The example is a folder of plain manifests. */
const NO_TOOLS: Renderer = { render: () => Promise.reject(new Error('nothing is to be rendered')) };

/** Time passes for the dead too, but they do not wake. */
function mortalClock(mortal: Mortal): Clock {
  return {
    ...systemClock,
    sleep: async (ms, signal) => {
      await systemClock.sleep(ms, signal);
      if (mortal.dead) await new Promise(() => undefined);
    },
  };
}
