// In: applications. Out: the head of each one's ref, asked once for all that follow it, and what is known of it on each record, where that has changed. Nothing
// goes wrong here: that Git gives no answer is recorded as well.
import { isDeepStrictEqual } from 'node:util';
import { asDriftlessError, type DriftlessError } from '../errors.ts';
import { primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Distance, KnownHead } from '../model/head.ts';
import { isBySource } from '../policy/retry.ts';
import { problemAfter, sourceNews } from '../policy/source-news.ts';
import type { Git, GitLog, GitSnapshot, Permit } from '../ports/git.ts';
import type { DeclaredProjects } from '../ports/projects.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ApplicationStore } from '../ports/store.ts';
import { applicationProblem, repositoryPermit } from '../projects/limits.ts';
import { inputsUnchanged } from '../sync/render/fetch-source.ts';

/** The answer of the Git server for one application. */
export type Head =
  | { readonly revision: string; readonly permit: Permit | undefined; open(): Promise<GitSnapshot> }
  | { readonly revision?: undefined; readonly error: DriftlessError };

/** Asks for the head of an application's ref; undefined where its project does not permit the repository. */
export type AskHead = (record: ApplicationRecord) => Promise<Head | undefined>;

/** One question for each repository and ref, however many applications follow it. */
export function headsOf(git: Git, { projects }: DeclaredProjects): AskHead {
  const asked = new Map<string, Promise<string>>();
  return async ({ app }) => {
    const project = projects.find(({ name }) => name === app.project);
    if (applicationProblem(app, project) !== undefined) return undefined;
    const permit = repositoryPermit(project);
    const { repo, ref } = primarySource(app);
    const key = `${repo} ${ref} ${permit?.key ?? ''}`;
    const answer = asked.get(key) ?? git.resolve(repo, ref, permit);
    asked.set(key, answer);
    try {
      const revision = await answer;
      return { revision, permit, open: () => git.open(repo, revision, permit) };
    } catch (thrown) {
      return { error: asDriftlessError(thrown) };
    }
  };
}

export type NotingPorts = {
  readonly git: GitLog;
  readonly state: Pick<ApplicationStore, 'putHead'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

/** Records what is known of the head where it has changed; another writer who was first is right. */
export async function noteHead(record: ApplicationRecord, head: Head, ports: NotingPorts): Promise<void> {
  const { app, head: before } = record;
  const after = await knownAfter(record, head, ports);
  if (saysTheSame(before, after)) return;
  const events = sourceNews(app.name, { before, after, now: ports.clock.now() });
  await ports.state.putHead(app.name, { head: after, over: before, events });
  for (const { data } of events) ports.log.warn(data.title, { app: app.name, reason: data.lines[0] });
}

/** Which commit it is where nothing of it is to be deployed is not worth a write for each application of a repository. */
function saysTheSame(before: KnownHead | undefined, after: KnownHead): boolean {
  const isQuiet = (head: KnownHead | undefined) =>
    head === undefined || (!head.isChanged && head.problem === undefined);
  return (isQuiet(before) && isQuiet(after)) || isDeepStrictEqual(before, after);
}

async function knownAfter(record: ApplicationRecord, head: Head, ports: NotingPorts): Promise<KnownHead> {
  if (head.revision === undefined) return withProblem(record, head.error, ports);
  const { revision } = head;
  const now = new Date(ports.clock.now()).toISOString();
  const since = record.head?.revision === revision ? record.head.since : now;
  const differs = await hasOtherInputs(record, head);
  if (typeof differs !== 'boolean' && isBySource(differs.code)) return withProblem(record, differs, ports);
  if (differs === false) return { revision, since, isChanged: false };
  const ahead = await distance(record, head, ports);
  return { revision, since, isChanged: true, ...(ahead && { ahead }) };
}

function withProblem(
  { head: before, lastSync }: ApplicationRecord,
  error: DriftlessError,
  { clock }: NotingPorts,
): KnownHead {
  const now = clock.now();
  const known = before ?? { since: new Date(now).toISOString(), isChanged: lastSync === undefined };
  return { ...known, problem: problemAfter(before?.problem, error, now) };
}

/** Whether the head has other inputs than what is deployed; or why that cannot be told. */
async function hasOtherInputs(
  { lastSync, specHash }: ApplicationRecord,
  head: Extract<Head, { readonly revision: string }>,
): Promise<boolean | DriftlessError> {
  if (lastSync === undefined || lastSync.specHash !== specHash) return true;
  if (lastSync.revision === head.revision) return false;
  try {
    return !inputsUnchanged(lastSync.inputs, await head.open());
  } catch (thrown) {
    return asDriftlessError(thrown);
  }
}

/** How far the head is ahead; undefined where the server cannot tell, which is no reason to say less of the rest. */
async function distance(
  { app, lastSync, head: before }: ApplicationRecord,
  { revision: to, permit }: Extract<Head, { readonly revision: string }>,
  { git, log }: NotingPorts,
): Promise<Distance | undefined> {
  const from = lastSync?.revision;
  if (from === undefined || from === to) return undefined;
  if (before?.revision === to && before.ahead?.from === from) return before.ahead;
  try {
    return await git.distance(primarySource(app).repo, { from, to }, permit);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.warn('could not count the commits that are not deployed', { app: app.name, code, reason: message });
    return undefined;
  }
}
