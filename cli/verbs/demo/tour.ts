// The tour: pushes to a real Git server, and the operations that follow. In: a running forge and deployer whose applications wait for a first commit.
// Out: one result for each step; a step with an unexpected outcome fails the tour.
import { formatChange, formatRefusal } from '../../../lib/diff/format.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { ChangeSet } from '../../../lib/model/change-set.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { Cluster } from '../../../lib/ports/cluster.ts';
import { JsonBlobs } from '../../../lib/runtime/json-blobs.ts';
import { driftRepaired, driftReported } from './drift-steps.ts';
import { readEdit } from './example.ts';
import type { Push } from './forge.ts';
import { ended, NAMESPACE, newest, type TourPorts } from './look.ts';
import { imageLive, listObjects, listPods } from './observe.ts';

type TourStep = { readonly name: string; readonly outcome: string; readonly ms: number };

/** The outcome of a step. */
type Ending = { readonly status: string; readonly message: string };

export type TourResult = { readonly steps: readonly TourStep[]; readonly pushToLiveMs: number };

const APPLICATIONS = ['web', 'api', 'cache'];

/** Waits until the applications have found the repository empty. */
export async function firstLook(ports: TourPorts): Promise<void> {
  await Promise.all(APPLICATIONS.map((app) => ended(ports, app, 0)));
}

/** Walks through a deployment, a change, a broken image, its revert, an invalid manifest, and manual changes. */
export async function walk(ports: TourPorts): Promise<TourResult> {
  const steps: TourStep[] = [];
  const step = async (name: string, expected: string, work: () => Promise<Ending>): Promise<void> => {
    const began = performance.now();
    const { status, message } = await work();
    steps.push({ name, outcome: status, ms: Math.round(performance.now() - began) });
    if (status === expected) return;
    throw new DriftlessError('Internal', `demo step ${name} ended ${status} instead of ${expected}: ${message}`);
  };
  let pushToLiveMs = 0;
  await step('first-push', 'synced', async () => endOf(await firstPush(ports)));
  await step('change', 'synced', async () => {
    const changed = await change(ports);
    pushToLiveMs = changed.pushToLiveMs;
    return endOf(changed.operation);
  });
  await step('broken-image', 'degraded', async () => endOf(await brokenImage(ports)));
  await step('revert', 'synced', async () => endOf(await revert(ports)));
  await step('invalid-manifest', 'refused', async () => endOf(await invalidManifest(ports)));
  await step('drift-repaired', 'synced', async () => endOf(await driftRepaired(ports)));
  await step('drift-reported', 'reported', () => driftReported(ports));
  return { steps, pushToLiveMs };
}

function endOf({ outcome }: Operation): Ending {
  return outcome ?? { status: 'failed', message: 'it has no outcome' };
}

/** Leaves the repository in a good state for further pushes. */
export async function undoLast(ports: TourPorts): Promise<void> {
  const before = await newest(ports);
  await ports.forge.revert();
  await ended(ports, 'web', before.get('web') ?? 0);
}

async function firstPush(ports: TourPorts): Promise<Operation> {
  const { forge, cluster, say } = ports;
  say('\n1. First push: three services, as plain manifests, a Kustomize overlay and a Helm chart');
  const before = await newest(ports);
  await forge.push('Add web, api and cache', {});
  const operations = await Promise.all(APPLICATIONS.map((app) => ended(ports, app, before.get(app) ?? 0)));
  for (const operation of operations) sayOutcome(ports, operation);
  say(`   Now in namespace ${NAMESPACE}:`);
  for (const line of await listObjects(cluster, NAMESPACE)) say(`     ${line}`);
  return worstOf(operations);
}

async function change(ports: TourPorts): Promise<{ readonly operation: Operation; readonly pushToLiveMs: number }> {
  const { cluster, say } = ports;
  say('\n2. A change: web gets a new image and one more replica');
  const live = imageLive(cluster, NAMESPACE, 'registry.example/web:v2');
  const { operation, push } = await pushAndWait(ports, 'Release web v2', await readEdit('web-v2'));
  const pushToLiveMs = Math.round((await live) - push.acceptedAt);
  sayOutcome(ports, operation);
  await sayChanges(ports, operation);
  say(`   In the cluster ${pushToLiveMs} ms after the Git server accepted the push. The pods now:`);
  for (const line of await listPods(cluster, NAMESPACE, 'app=web')) say(`     ${line}`);
  say('   api and cache are unchanged: the commit does not touch their sources.');
  return { operation, pushToLiveMs };
}

async function brokenImage(ports: TourPorts): Promise<Operation> {
  ports.say(
    '\n3. A broken image: its pods crash, and the operation reports it within seconds; the old pods keep running',
  );
  const { operation } = await pushAndWait(ports, 'Release web v3', await readEdit('web-crash'));
  sayOutcome(ports, operation);
  return operation;
}

async function revert(ports: TourPorts): Promise<Operation> {
  const { forge, say } = ports;
  say('\n4. Reverted in Git: git revert, git push');
  const before = await newest(ports);
  await forge.revert();
  const operation = await ended(ports, 'web', before.get('web') ?? 0);
  sayOutcome(ports, operation);
  await sayChanges(ports, operation);
  return operation;
}

async function invalidManifest(ports: TourPorts): Promise<Operation> {
  const { cluster, say } = ports;
  say('\n5. Two mistakes and a valid change: the API server rejects the mistakes in the plan, before the first write');
  const before = await versionsOf(cluster);
  const { operation } = await pushAndWait(ports, 'Break the manifests', await readEdit('web-invalid'));
  await sayRefusals(ports, operation);
  if ((await versionsOf(cluster)) !== before)
    throw new DriftlessError('Internal', 'demo step invalid-manifest touched the cluster');
  say('   The cluster is unchanged.');
  return operation;
}

function sayOutcome({ say }: TourPorts, { app, outcome }: Operation): void {
  say(`   ${app.padEnd(6)} ${outcome?.status}: ${outcome?.message}`);
}

async function sayRefusals(ports: TourPorts, operation: Operation): Promise<void> {
  ports.say(`   ${operation.app.padEnd(6)} ${operation.outcome?.status}:`);
  for (const refusal of (await changeSetOf(ports, operation)).refusals) ports.say(`     x ${formatRefusal(refusal)}`);
}

async function changeSetOf({ deployer }: TourPorts, { changeSetKey }: Operation): Promise<ChangeSet> {
  if (changeSetKey === undefined) return { changes: [], refusals: [] };
  return new JsonBlobs<ChangeSet>(deployer.blobs).get(changeSetKey);
}

async function pushAndWait(
  ports: TourPorts,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<{ operation: Operation; push: Push }> {
  const before = await newest(ports);
  const push = await ports.forge.push(message, files);
  return { push, operation: await ended(ports, 'web', before.get('web') ?? 0) };
}

function worstOf(operations: readonly Operation[]): Operation {
  const [first] = operations;
  const bad = operations.find(({ outcome }) => outcome?.status !== 'synced');
  const chosen = bad ?? first;
  if (chosen === undefined) throw new DriftlessError('Internal', 'demo: there was no operation');
  return chosen;
}

async function sayChanges(ports: TourPorts, operation: Operation): Promise<void> {
  const { changes } = await changeSetOf(ports, operation);
  for (const change of changes.filter(({ action }) => action !== 'unchanged')) {
    for (const line of formatChange(change)) ports.say(`     ${line}`);
  }
}

async function versionsOf(cluster: Cluster): Promise<string> {
  const kind = await cluster.kind('apps/v1', 'Deployment');
  if (kind === undefined) return '';
  const { items } = await cluster.list({ kind, namespace: NAMESPACE, content: 'metadata' });
  const versions = (items as readonly KubeObject[]).map(({ metadata }) => `${metadata.name} ${metadata.generation}`);
  return versions.sort().join();
}
