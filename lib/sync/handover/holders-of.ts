// In: recorded objects that an application no longer wants. Out: which other application's newest commit holds each of them. The head is asked of Git at that
// time. An application that has not planned it is rendered here, from the same commit, without a write: so none is waited for, and one that does not deploy by
// itself counts too. May throw what the Git server answers; a rendering that fails makes that application keep whatever may be its own.
import { asDriftlessError, type ErrorCode } from '../../errors.ts';
import type { Application, Source } from '../../model/application.ts';
import type { ApplicationRecord } from '../../model/application-record.ts';
import type { Project } from '../../model/configuration.ts';
import { idKey, type ObjectId } from '../../model/kube-object.ts';
import { repoKey } from '../../model/repo-url.ts';
import { type Holder, holderOf, type Neighbour } from '../../ownership/claims.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';
import { applicationProblem, objectRefusals } from '../../projects/limits.ts';
import type { Run } from '../operation/run.ts';
import { inputsUnchanged } from '../render/fetch-source.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';
import { desiredAt } from './desired-at.ts';
import { neighboursOf } from './request-others.ts';

/** The commit that the operation deploys. */
type Deployed = Pick<ResolvedSource, 'repair' | 'revision'> & {
  /** The cluster of the objects, where the application was moved from there. */
  readonly former?: string;
};

/** The application that holds each of the objects, by the object's key; without objects it costs nothing. */
export async function holdersOf(
  run: Run,
  deployed: Deployed,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<string, Holder>> {
  if (ids.length === 0) return new Map();
  const owners = await neighboursOf(run, deployed.former);
  if (owners.length === 0) return new Map();
  const others = await asNeighbours(run, deployed, { owners, ids });
  return new Map(
    ids.flatMap((id) => {
      const holder = holderOf(id, others);
      return holder === undefined ? [] : [[idKey(id), holder] as const];
    }),
  );
}

/** Every application that may hold one of the objects, this one at a newer head included. */
async function asNeighbours(
  run: Run,
  deployed: Deployed,
  { owners, ids }: { readonly owners: readonly OwnerRecord[]; readonly ids: readonly ObjectId[] },
): Promise<readonly Neighbour[]> {
  const { app } = await run.application();
  const places = new Set(app.sources.map(placeOf));
  const siblings = owners.filter(({ record }) => record?.app.sources.some((source) => places.has(placeOf(source))));
  const heads = siblings.length === 0 ? new Map() : await headsOf(run, app, deployed);
  if (heads === undefined)
    return Promise.all(owners.map((owner) => (siblings.includes(owner) ? unknown(run, owner) : owner)));
  const others: Neighbour[] = [...(await ownAtHead(run, deployed, heads))];
  for (const owner of owners) others.push(await asNeighbour(run, owner, { heads, ids }));
  return others;
}

/** The heads of the application's refs, by `repository ref`. */
type Heads = ReadonlyMap<string, string>;

/** Undefined where a rollback cannot ask Git: it goes on without. */
async function headsOf(run: Run, app: Application, { repair }: Deployed): Promise<Heads | undefined> {
  const heads = new Map<string, string>();
  try {
    for (const { repo, ref } of app.sources) heads.set(placeOf({ repo, ref }), await run.head({ repo, ref }));
    return heads;
  } catch (thrown) {
    if (repair === undefined) throw thrown;
    const { code, message } = asDriftlessError(thrown);
    run.log.warn('could not ask Git what other applications hold', { code, reason: message });
    return undefined;
  }
}

/** An application whose commit is not known. */
async function unknown(run: Run, { record, ...owner }: OwnerRecord): Promise<Neighbour> {
  return record === undefined ? owner : withUnknown(owner, { ...record, project: await run.projectOf(record.app) });
}

/** What an application holds is not known: it may be anything in its namespace, or in none, as far as its project permits it. */
function withUnknown(neighbour: Neighbour, { app, project }: Pick<AtHead, 'app' | 'project'>): Neighbour {
  const { namespace } = app.destination;
  const mayHold = (id: ObjectId): boolean =>
    (id.namespace === undefined || id.namespace === namespace) && permittedIds([id], app, project).length > 0;
  return { ...neighbour, mayHold };
}

function placeOf({ repo, ref }: Pick<Source, 'repo' | 'ref'>): string {
  return `${repoKey(repo)} ${ref}`;
}

/** What the application itself holds at a newer head than it deploys; a rollback deletes it on purpose. */
async function ownAtHead(
  run: Run,
  { repair, revision, former }: Deployed,
  heads: Heads,
): Promise<readonly Neighbour[]> {
  const { app } = await run.application();
  const head = headFor(app, heads);
  if (repair !== undefined || former !== undefined || head === undefined || head === revision) return [];
  return [await withDesired(run, { app: app.name, inventory: [], wants: [] }, { app, head })];
}

type Asked = { readonly heads: Heads; readonly ids: readonly ObjectId[] };

/** What an application wants or holds counts only as far as its project permits it; one that may hold none of the objects is not rendered. */
async function asNeighbour(run: Run, { record, ...owner }: OwnerRecord, { heads, ids }: Asked): Promise<Neighbour> {
  if (record === undefined) return owner;
  const { app } = record;
  const project = await run.projectOf(app);
  if (applicationProblem(app, project) !== undefined) return { ...owner, wants: [] };
  const permitted = { ...owner, wants: permittedIds(owner.wants, app, project) };
  const head = headFor(app, heads);
  if (head === undefined || permittedIds(ids, app, project).length === 0) return permitted;
  return withDesired(run, permitted, { app, head, project, record });
}

function permittedIds(ids: readonly ObjectId[], app: Application, project: Project | undefined): readonly ObjectId[] {
  return ids.filter((id) => objectRefusals([{ id, source: '' }], app, project).length === 0);
}

function headFor({ sources }: Application, heads: Heads): string | undefined {
  return sources.flatMap((source) => heads.get(placeOf(source)) ?? [])[0];
}

/** Whether an application has planned the head, or the head has the same inputs as what it has planned. */
async function hasPlanned(run: Run, record: ApplicationRecord, head: string): Promise<boolean> {
  const { specHash, rendered, lastSync } = record;
  const planned = rendered ?? lastSync;
  if (planned === undefined || planned.specHash !== specHash) return false;
  if (planned.revision === head) return true;
  return inputsUnchanged(planned.inputs, await run.snapshot(record, head));
}

type AtHead = {
  readonly app: Application;
  readonly head: string;
  readonly project?: Project | undefined;
  /** Of another application, which may have planned the head itself. */
  readonly record?: ApplicationRecord;
};

/** What keeps this operation from its work, whichever application it asks about. */
const OWN_FAULTS: readonly ErrorCode[] = ['ApiServerUnreachable', 'StateUnavailable', 'LeaseExpired', 'LeaseLost'];

async function withDesired(run: Run, neighbour: Neighbour, at: AtHead): Promise<Neighbour> {
  const { app, head, project, record } = at;
  try {
    if (record !== undefined && (await hasPlanned(run, record, head))) return neighbour;
    const ids = permittedIds(await desiredAt(run, app, head), app, project);
    return { ...neighbour, desired: new Set(ids.map(idKey)) };
  } catch (thrown) {
    const { code, message, retry } = asDriftlessError(thrown);
    if (OWN_FAULTS.includes(code) || (retry && record === undefined)) throw thrown;
    // An application whose path the head does not have holds nothing there.
    if (code === 'PathNotFound') return { ...neighbour, desired: new Set() };
    run.log.warn('could not render another application before a deletion', { other: app.name, code, reason: message });
    return withUnknown(neighbour, at);
  }
}
