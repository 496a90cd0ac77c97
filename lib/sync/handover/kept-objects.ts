// In: objects that are about to be deleted. Out: those that another application's newest commit holds, which are left to it. The head is asked of Git at that
// time. An application that has not planned it is rendered here, from the same commit, without a write: so none is waited for, and one that does not deploy by
// itself counts too. May throw what the Git server answers; a rendering that fails makes that application keep whatever may be its own.
import { asDriftlessError } from '../../errors.ts';
import type { Application, Source } from '../../model/application.ts';
import type { ApplicationRecord, Waiting } from '../../model/application-record.ts';
import { formatRef, idKey } from '../../model/kube-object.ts';
import { repoKey } from '../../model/repo-url.ts';
import { type Holder, holderOf, type Neighbour } from '../../ownership/claims.ts';
import type { PlannedRemoval } from '../../plan/planned.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';
import type { Run } from '../operation/run.ts';
import type { PlannedDeployment } from '../plan/plan-stage.ts';
import { inputsUnchanged } from '../render/fetch-source.ts';
import { desiredAt } from './desired-at.ts';
import { gateSince } from './release-stage.ts';
import { neighboursOf, requestApplications } from './request-others.ts';

/** An object that is not deleted, and the application that it is left to. */
export type KeptObject = { readonly removal: PlannedRemoval; readonly holder: Holder };

/** Objects that are not deleted, since other applications hold them: a sentence for each, and that they are looked at again. */
export type LeftObjects = { readonly count: number; readonly named: readonly string[]; readonly waiting: Waiting };

/** Objects that an outcome names. */
const NAMED = 20;

/** What is said of objects that are left to others. */
export async function leftTo(run: Run, kept: readonly KeptObject[]): Promise<LeftObjects> {
  const named = kept.slice(0, NAMED).map(({ removal, holder }) => {
    const why = holder.isCertain ? '' : ', whose newest commit cannot be rendered';
    return `${formatRef(removal.entry)} is left to application ${holder.app}${why}`;
  });
  const more = kept.length > named.length ? [`and ${kept.length - named.length} more`] : [];
  return { count: kept.length, named: [...named, ...more], waiting: await gateSince(run, 'handover') };
}

/** The objects among the removals that are left to others, which are requested; without removals it costs nothing. */
export async function keptObjects(
  run: Run,
  deployment: PlannedDeployment,
  removals: readonly PlannedRemoval[],
): Promise<readonly KeptObject[]> {
  if (removals.length === 0) return [];
  const owners = await neighboursOf(run);
  if (owners.length === 0) return [];
  const others = await asNeighbours(run, deployment, owners);
  const kept = removals.flatMap((removal): readonly KeptObject[] => {
    const holder = holderOf(removal.entry, others);
    return holder === undefined ? [] : [{ removal, holder }];
  });
  const names = new Set(kept.map(({ holder }) => holder.app));
  await requestApplications(
    run,
    owners.filter(({ app }) => names.has(app)),
  );
  return kept;
}

/** Every application that may hold one of the objects, this one at a newer head included. */
async function asNeighbours(
  run: Run,
  deployment: PlannedDeployment,
  owners: readonly OwnerRecord[],
): Promise<readonly Neighbour[]> {
  const { app } = await run.application();
  const places = new Set(app.sources.map(placeOf));
  const siblings = owners.filter(({ record }) => record?.app.sources.some((source) => places.has(placeOf(source))));
  const heads = siblings.length === 0 ? new Map() : await headsOf(run, app, deployment);
  if (heads === undefined) return owners.map((owner) => (siblings.includes(owner) ? unknown(owner) : owner));
  const others: Neighbour[] = [...(await ownAtHead(run, deployment, heads))];
  for (const owner of owners) others.push(await asNeighbour(run, owner, heads));
  return others;
}

/** The heads of the application's refs, by `repository ref`. */
type Heads = ReadonlyMap<string, string>;

/** Undefined where a rollback cannot ask Git: it goes on without. */
async function headsOf(run: Run, app: Application, { source }: PlannedDeployment): Promise<Heads | undefined> {
  const heads = new Map<string, string>();
  try {
    for (const { repo, ref } of app.sources) heads.set(placeOf({ repo, ref }), await run.ports.git.resolve(repo, ref));
    return heads;
  } catch (thrown) {
    if (source.repair === undefined) throw thrown;
    const { code, message } = asDriftlessError(thrown);
    run.log.warn('could not ask Git what other applications hold', { code, reason: message });
    return undefined;
  }
}

/** What an application holds is not known: it may be anything in its namespace, or in none. */
function unknown({ record, ...owner }: OwnerRecord): Neighbour {
  return record === undefined ? owner : { ...owner, unknownIn: record.app.destination.namespace };
}

function placeOf({ repo, ref }: Pick<Source, 'repo' | 'ref'>): string {
  return `${repoKey(repo)} ${ref}`;
}

/** What the application itself holds at a newer head than it deploys; a rollback deletes it on purpose. */
async function ownAtHead(
  run: Run,
  { source: { repair, revision } }: PlannedDeployment,
  heads: Heads,
): Promise<readonly Neighbour[]> {
  const { app } = await run.application();
  const head = headFor(app, heads);
  if (repair !== undefined || head === undefined || head === revision) return [];
  return [await withDesired(run, { app: app.name, inventory: [], wants: [] }, { app, head })];
}

async function asNeighbour(run: Run, { record, ...owner }: OwnerRecord, heads: Heads): Promise<Neighbour> {
  const head = record && headFor(record.app, heads);
  if (record === undefined || head === undefined || (await hasPlanned(run, record, head))) return owner;
  return withDesired(run, owner, { app: record.app, head });
}

function headFor({ sources }: Application, heads: Heads): string | undefined {
  return sources.flatMap((source) => heads.get(placeOf(source)) ?? [])[0];
}

/** Whether an application has planned the head, or the head has the same inputs as what it has planned. */
async function hasPlanned(run: Run, { app, specHash, rendered, lastSync }: ApplicationRecord, head: string) {
  const planned = rendered ?? lastSync;
  if (planned === undefined || planned.specHash !== specHash) return false;
  if (planned.revision === head) return true;
  return inputsUnchanged(planned.inputs, await run.ports.git.open(app.sources[0].repo, head));
}

type AtHead = { readonly app: Application; readonly head: string };

async function withDesired(run: Run, neighbour: Neighbour, { app, head }: AtHead): Promise<Neighbour> {
  try {
    const ids = await desiredAt(run, app, head);
    return { ...neighbour, desired: new Set(ids.map(idKey)) };
  } catch (thrown) {
    const { code, message, retry } = asDriftlessError(thrown);
    if (retry) throw thrown;
    run.log.warn('could not render another application before a deletion', { other: app.name, code, reason: message });
    return { ...neighbour, unknownIn: app.destination.namespace };
  }
}
