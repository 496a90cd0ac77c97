// The tour: pushes to a real Git server, and what the deployer makes of them. In: a running forge and deployer. Out: one result for each step;
// a step whose operations end otherwise than they must fails the tour.
import { formatChange } from '../../lib/diff/format.ts';
import { DriftlessError } from '../../lib/errors.ts';
import type { ChangeSet } from '../../lib/model/change-set.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import type { Operation, OutcomeStatus } from '../../lib/model/operation.ts';
import type { Cluster } from '../../lib/ports.ts';
import { Kept } from '../../lib/sync/kept.ts';
import type { Deployer } from '../wiring.ts';
import { readEdit } from './example.ts';
import type { Forge, Push } from './forge.ts';
import { imageLive, listObjects, listPods } from './observe.ts';

export type TourStep = { readonly name: string; readonly outcome: string; readonly ms: number };

export type TourPorts = {
  readonly forge: Forge;
  readonly deployer: Deployer;
  readonly cluster: Cluster;
  /** Prints a line for people. */
  readonly say: (line: string) => void;
};

export type TourResult = { readonly steps: readonly TourStep[]; readonly pushToLiveMs: number };

const NAMESPACE = 'shop';
const OPERATION_LIMIT_MS = 120_000;
const POLL_MS = 25;

/** Walks through a deployment, a change, a broken image, its undoing and an invalid manifest. */
export async function walk(ports: TourPorts): Promise<TourResult> {
  const { forge, say, cluster } = ports;
  const steps: TourStep[] = [];
  const step = async (name: string, expected: OutcomeStatus, work: () => Promise<Operation>): Promise<void> => {
    const began = performance.now();
    const operation = await work();
    const outcome = operation.outcome?.status ?? 'failed';
    steps.push({ name, outcome, ms: Math.round(performance.now() - began) });
    if (outcome !== expected)
      throw new DriftlessError(
        'Internal',
        `demo step ${name} ended ${outcome} instead of ${expected}: ${operation.outcome?.message}`,
      );
  };

  say('\n1. The first push: three services, as plain manifests, a Kustomize overlay and a Helm chart');
  await step('first-push', 'synced', async () => {
    const before = await newest(ports);
    await forge.push('Add web, api and cache', {});
    const operations = await Promise.all(['web', 'api', 'cache'].map((app) => ended(ports, app, before.get(app) ?? 0)));
    say(`\n   live in namespace ${NAMESPACE}:`);
    for (const line of await listObjects(cluster, NAMESPACE)) say(`   ${line}`);
    return worstOf(operations);
  });

  let pushToLiveMs = 0;
  say('\n2. A change: web gets a new image and one more replica');
  await step('change', 'synced', async () => {
    const live = imageLive(cluster, NAMESPACE, 'registry.example/web:v2');
    const { operation, push } = await pushAndWait(ports, 'web', 'Release web v2', await readEdit('web-v2'));
    pushToLiveMs = Math.round((await live) - push.acceptedAt);
    await sayChanges(ports, operation);
    say(`   live ${pushToLiveMs} ms after the Git server had the push; new pods:`);
    for (const line of await listPods(cluster, NAMESPACE, 'app=web')) say(`   ${line}`);
    return operation;
  });

  say('\n3. A broken image: the new pods crash, and the operation says so, long before a time-out');
  await step('broken-image', 'degraded', async () => {
    const { operation } = await pushAndWait(ports, 'web', 'Release web v3', await readEdit('web-crash'));
    say(`   ${operation.outcome?.message}`);
    return operation;
  });

  say('\n4. Undone in Git: git revert, git push');
  await step('revert', 'synced', async () => {
    const before = await newest(ports);
    await forge.revert();
    const operation = await ended(ports, 'web', before.get('web') ?? 0);
    await sayChanges(ports, operation);
    return operation;
  });

  say('\n5. An invalid manifest beside a valid change: the API server refuses it in the plan, and nothing is touched');
  await step('invalid-manifest', 'refused', async () => {
    const before = await versionsOf(cluster);
    const { operation } = await pushAndWait(ports, 'web', 'Break the manifests', await readEdit('web-invalid'));
    say(`   ${operation.outcome?.message}`);
    const touched = (await versionsOf(cluster)) !== before;
    say(touched ? '   the cluster was touched!' : '   the cluster was not touched');
    if (touched) throw new DriftlessError('Internal', 'demo step invalid-manifest touched the cluster');
    return operation;
  });
  return { steps, pushToLiveMs };
}

async function pushAndWait(
  ports: TourPorts,
  app: string,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<{ operation: Operation; push: Push }> {
  const before = await newest(ports);
  const push = await ports.forge.push(message, files);
  return { push, operation: await ended(ports, app, before.get(app) ?? 0) };
}

async function newest({ deployer }: TourPorts): Promise<ReadonlyMap<string, number>> {
  return new Map((await deployer.state.applications()).map(({ app, desiredSeq }) => [app.name, desiredSeq]));
}

/** The first operation after this number, when it has ended. */
async function ended({ deployer }: TourPorts, app: string, after: number): Promise<Operation> {
  const deadline = performance.now() + OPERATION_LIMIT_MS;
  while (performance.now() < deadline) {
    const operation = (await deployer.state.operations(app, 1))[0];
    if (operation !== undefined && operation.seq > after && operation.phase === 'done') return operation;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new DriftlessError('Internal', `demo: application ${app} did not finish within ${OPERATION_LIMIT_MS / 1000} s`);
}

function worstOf(operations: readonly Operation[]): Operation {
  const [first] = operations;
  const bad = operations.find(({ outcome }) => outcome?.status !== 'synced');
  const chosen = bad ?? first;
  if (chosen === undefined) throw new DriftlessError('Internal', 'demo: there was no operation');
  return chosen;
}

async function sayChanges({ deployer, say }: TourPorts, { changeSetKey }: Operation): Promise<void> {
  if (changeSetKey === undefined) return;
  const { changes } = await new Kept<ChangeSet>(deployer.blobs).get(changeSetKey);
  for (const change of changes.filter(({ action }) => action !== 'unchanged')) {
    for (const line of formatChange(change)) say(`   ${line}`);
  }
}

async function versionsOf(cluster: Cluster): Promise<string> {
  const kind = await cluster.kind('apps/v1', 'Deployment');
  if (kind === undefined) return '';
  const { items } = await cluster.list({ kind, namespace: NAMESPACE, content: 'metadata' });
  const versions = (items as readonly KubeObject[]).map(({ metadata }) => `${metadata.name} ${metadata.generation}`);
  return versions.sort().join();
}
