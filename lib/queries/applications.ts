// What a person asks of a running deployer. In: names. Out: views of what is recorded; the clusters are not asked. May go wrong: an application
// that is not configured is ApplicationUnknown.

import { mapBounded } from '../async/map-bounded.ts';
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Operation } from '../model/operation.ts';
import type { Clock } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import { type ApplicationView, viewApplication } from './application-view.ts';
import { type DriftKnown, type DriftView, viewDrift } from './drift-view.ts';

export type LookPorts = { readonly state: StateStore; readonly clock: Pick<Clock, 'now'> };

const READS_AT_ONCE = 16;

/** All applications, by name. */
export async function lookAtAll(ports: LookPorts): Promise<readonly ApplicationView[]> {
  return (await knownOfAll(ports)).map((known) => viewOf(known, ports));
}

/** One application. */
export async function lookAt(name: string, ports: LookPorts): Promise<ApplicationView> {
  return viewOf(await knownOf(name, ports), ports);
}

/** The drift of all applications, by name. */
export async function driftOfAll(ports: LookPorts): Promise<readonly DriftView[]> {
  return (await knownOfAll(ports)).map(viewDrift);
}

/** The drift of one application. */
export async function driftOf(name: string, ports: LookPorts): Promise<DriftView> {
  return viewDrift(await knownOf(name, ports));
}

/** An application's newest operations, the newest first. */
export async function historyOf(name: string, limit: number, ports: LookPorts): Promise<readonly Operation[]> {
  await configured(name, ports);
  return ports.state.operations(name, limit);
}

/** One operation of an application. */
export async function operationOf(name: string, seq: number, ports: LookPorts): Promise<Operation> {
  await configured(name, ports);
  const operation = await ports.state.operation(name, seq);
  if (operation !== undefined) return operation;
  throw new DriftlessError('OperationUnknown', `Application/${name}: there is no operation ${seq}`);
}

/** The record of an application that is configured. */
export async function configured(name: string, { state }: LookPorts): Promise<ApplicationRecord> {
  const record = await state.application(name);
  if (record !== undefined) return record;
  throw new DriftlessError('ApplicationUnknown', `Application/${name}: is not configured`);
}

async function knownOfAll(ports: LookPorts): Promise<readonly DriftKnown[]> {
  const { state } = ports;
  const [records, clusters] = await Promise.all([state.applications(), state.clusters()]);
  const drifts = await state.drifts(records.map(({ app }) => app.name));
  const known = await mapBounded(records, READS_AT_ONCE, async (record) => ({
    record,
    drift: drifts.get(record.app.name),
    cluster: clusters.find(({ cluster }) => cluster === record.app.destination.cluster),
    newest: await newestOf(record, ports),
  }));
  return known.sort((a, b) => (a.record.app.name < b.record.app.name ? -1 : 1));
}

async function knownOf(name: string, ports: LookPorts): Promise<DriftKnown> {
  const record = await configured(name, ports);
  const [drift, cluster, newest] = await Promise.all([
    ports.state.drift(name),
    ports.state.cluster(record.app.destination.cluster),
    newestOf(record, ports),
  ]);
  return { record, drift, cluster, newest };
}

async function newestOf({ app, desiredSeq }: ApplicationRecord, { state }: LookPorts): Promise<Operation | undefined> {
  return desiredSeq === 0 ? undefined : state.operation(app.name, desiredSeq);
}

function viewOf(known: DriftKnown, { clock }: LookPorts): ApplicationView {
  const { record, newest } = known;
  return viewApplication({ record, newest, drift: viewDrift(known), now: clock.now() });
}
