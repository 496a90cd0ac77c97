// What lists show of an application, in one small item. Several writers share the item: each one sets its own attributes in the transaction of its own
// record, and never writes the item as a whole.
import { z } from 'zod';
import type { Application } from '../../model/application.ts';
import { DELETION_GATE } from '../../model/application-record.ts';
import type { ApplicationSummary } from '../../model/application-summary.ts';
import type { DriftRecord } from '../../model/drift.ts';
import { type Standing, standingOf } from '../../model/head.ts';
import { applicationOf, summaryKey } from '../dynamo/keys.ts';
import type { Write } from '../dynamo/transactions.ts';
import { newestIsOpen } from '../lease-rules.ts';
import { health } from '../schema/health.ts';
import { outcomeStatus, triggerKind } from '../schema/operation-words.ts';
import { type Meta, parsed } from '../schema/records.ts';

const text = z.string();
const count = z.int().nonnegative();
/** Seconds since 1970. */
const time = count;

const attributes = z.object({
  project: text,
  cluster: text,
  ns: text,
  mode: z.enum(['auto', 'manual']),
  off: z.boolean().exactOptional(),
  seq: count.exactOptional(),
  status: outcomeStatus.exactOptional(),
  at: time.exactOptional(),
  rev: text.exactOptional(),
  health: health.shape.status.exactOptional(),
  until: time.exactOptional(),
  held: count.exactOptional(),
  t: text.exactOptional(),
  drift: z.enum(['InSync', 'Drifted', 'Unknown']).exactOptional(),
  drifted: count.exactOptional(),
  r: count.exactOptional(),
  s: time.exactOptional(),
});

type Attributes = z.infer<typeof attributes>;
type Trigger = z.infer<typeof triggerKind>;
type SpecPart = Pick<Attributes, 'project' | 'cluster' | 'ns' | 'mode' | 'off'>;
type StatePart = Pick<Attributes, 'seq' | 'status' | 'at' | 'rev' | 'health' | 'until' | 'held' | 't'>;
type DriftPart = Pick<Attributes, 'drift' | 'drifted' | 'r' | 's'>;

/** All parts together; what is undefined is not stored. */
type Parts = SpecPart & { readonly [K in keyof (StatePart & DriftPart)]?: Attributes[K] | undefined };

/** Attributes to write; an undefined one is removed. */
type Change = { readonly [K in keyof Attributes]?: Attributes[K] | undefined };

type StateAttribute =
  | 'desiredSeq'
  | 'requested'
  | 'settled'
  | 'lastSync'
  | 'health'
  | 'suspended'
  | 'held'
  | 'waiting'
  | 'moved'
  | 'head'
  | 'failure'
  | 'specHash';
type State = { readonly [K in StateAttribute]?: Meta[K] | undefined };

const SHORT_REVISION = 12;

const TRIGGERS = triggerKind.options;
/** Stands for a trigger that is not known. */
const UNKNOWN = '-';
/** What else there is to know, in one letter. */
const FLAGS = [
  { letter: 'x', deleting: true, moved: false },
  { letter: 'm', deleting: false, moved: true },
  { letter: 'b', deleting: true, moved: true },
] as const;
/** What is known of the newest commit, in one letter. */
const HEADS = [
  { letter: 'l', head: 'lost' },
  { letter: 'g', head: 'ahead' },
] as const;

/** The part that follows from the specification. */
export function specPart({ project, destination, sync, drift }: Application): SpecPart {
  const { cluster, namespace } = destination;
  return { project, cluster, ns: namespace, mode: sync.mode, ...(drift.mode === 'off' && { off: true }) };
}

/** The part that follows from operations, suspensions and held commits. Every attribute is named, so that a change removes an outdated one. */
export function statePart(state: State): { readonly [K in keyof StatePart]-?: StatePart[K] | undefined } {
  const { desiredSeq = 0, settled, lastSync, suspended, held, waiting = [], moved = [] } = state;
  const isOpen = newestIsOpen({ desiredSeq, settled });
  const status = isOpen ? undefined : settled?.status;
  const requested = state.requested?.seq === desiredSeq ? state.requested : undefined;
  return {
    // A table that was restored has numbers before the first operation.
    seq: isOpen || status !== undefined ? desiredSeq : undefined,
    status,
    at: seconds(isOpen ? requested?.at : settled?.at),
    rev: lastSync?.revision.slice(0, SHORT_REVISION),
    health: state.health?.status,
    until: suspended && (seconds(suspended.until) ?? 0),
    held: held === undefined || held.length === 0 ? undefined : held.length,
    t: lettersOf(requested?.trigger, {
      deleting: waiting.some(({ gate }) => gate === DELETION_GATE),
      moved: moved.length > 0,
      head: headOf(state),
    }),
  };
}

function headOf({ settled, ...state }: State): Standing | undefined {
  return standingOf(state, settled?.status);
}

type Flags = { readonly deleting: boolean; readonly moved: boolean; readonly head: Standing | undefined };

/** The newest operation's trigger, and the flags: a letter each, since the names that people give leave no more room. */
function lettersOf(trigger: Trigger | undefined, { deleting, moved, head }: Flags): string | undefined {
  const known = HEADS.find((one) => one.head === head)?.letter ?? '';
  const flag = `${FLAGS.find((one) => one.deleting === deleting && one.moved === moved)?.letter ?? ''}${known}`;
  if (trigger === undefined && flag === '') return undefined;
  return `${trigger === undefined ? UNKNOWN : letterOf(trigger)}${flag}`;
}

/** No two triggers begin alike, but for the youngest. */
function letterOf(trigger: Trigger): string {
  return trigger === 'resume' ? 'e' : trigger.slice(0, 1);
}

/** The part that follows from the scans. */
export function driftPart({ status, count: drifted, objects, scannedAt }: DriftRecord): {
  readonly [K in keyof DriftPart]-?: DriftPart[K] | undefined;
} {
  const reported = objects.filter(({ handling }) => handling === 'report').length;
  return {
    drift: status,
    drifted: drifted === 0 ? undefined : drifted,
    r: reported === 0 ? undefined : reported,
    s: seconds(scannedAt),
  };
}

/** The health of the newest look, which operations and scans write in turn: an application has one, and its name would not fit in twice. */
export function healthPart(
  observed: DriftRecord['health'],
  { health }: Pick<State, 'health'> = {},
): Pick<Attributes, 'health'> {
  const isOutdated = observed === undefined || observed.seq < (health?.seq ?? 0);
  return isOutdated ? {} : { health: observed.status };
}

/** The attributes that have another value in the second part. */
export function changesIn<T extends Change>(before: T, after: T): Change {
  const changed = Object.entries(after).filter(([name, value]) => value !== Reflect.get(before, name));
  return Object.fromEntries(changed);
}

/** Writes some attributes of a summary; returns no write where nothing changes. */
export function summaryWrites(app: string, change: Change): readonly Write[] {
  const entries = Object.entries(change);
  if (entries.length === 0) return [];
  const set = entries.filter(([, value]) => value !== undefined);
  const removed = entries.filter(([, value]) => value === undefined);
  const clauses = [
    ...(set.length === 0 ? [] : [`SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`]),
    ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`]),
  ];
  return [
    {
      Update: {
        Key: { ...summaryKey(app) },
        UpdateExpression: clauses.join(' '),
        ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
        ...(set.length > 0 && {
          ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        }),
      },
    },
  ];
}

/** The write that removes a summary. */
export function summaryDelete(app: string): Write {
  return { Delete: { Key: { ...summaryKey(app) } } };
}

/** Reads a summary; undefined where a late writer has left attributes of an application that was removed. */
export function parseSummary(item: Readonly<Record<string, unknown>>): ApplicationSummary | undefined {
  if (item['project'] === undefined) return undefined;
  const name = applicationOf(item);
  return summaryOf(name, parsed(attributes, item, `Application/${name}: its summary`));
}

/** The summary in its attributes. */
export function summaryOf(name: string, all: Parts): ApplicationSummary {
  const { project, cluster, ns: namespace, mode, rev, health: status, held = 0 } = all;
  const newest = newestOf(all);
  const drift = driftOf(all);
  const letters = all.t?.slice(1) ?? '';
  const flags = FLAGS.find(({ letter }) => letters.includes(letter));
  const known = HEADS.find(({ letter }) => letters.includes(letter));
  return {
    name,
    project,
    destination: { cluster, namespace },
    mode,
    ...(newest && { newest }),
    ...(rev !== undefined && { revision: rev }),
    ...(status && { health: status }),
    ...(all.until !== undefined && { suspended: all.until === 0 ? {} : { until: iso(all.until) } }),
    held,
    deleting: flags?.deleting ?? false,
    moved: flags?.moved ?? false,
    ...(known && { head: known.head }),
    ...(drift && { drift }),
  };
}

function newestOf({ seq, t, status, at }: Parts): ApplicationSummary['newest'] {
  if (seq === undefined) return undefined;
  const time = at !== undefined && (status === undefined ? { requestedAt: iso(at) } : { endedAt: iso(at) });
  const trigger = TRIGGERS.find((kind) => letterOf(kind) === t?.[0]);
  return { seq, ...(trigger && { trigger }), ...(status && { status }), ...time };
}

function driftOf({ off, drift, drifted = 0, r: reported = 0, s: seen }: Parts): ApplicationSummary['drift'] {
  if (off) return { status: 'Off', count: 0, reported: 0 };
  return drift && { status: drift, count: drifted, reported, ...(seen !== undefined && { scannedAt: iso(seen) }) };
}

function seconds(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Math.floor(Date.parse(at) / 1000);
}

function iso(at: number): string {
  return new Date(at * 1000).toISOString();
}
