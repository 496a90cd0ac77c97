// In: a push. Out: the applications that use its repository, those that follow its ref, and those that its commit leaves unchanged. May go wrong: what the
// state table throws. A Git server that fails or is slow makes every application count as changed: its own operation finds out.
import { asDriftlessError } from '../errors.ts';
import { type Application, primarySource, type Source } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { PushEvent } from '../model/push-event.ts';
import { repoKey } from '../model/repo-url.ts';
import type { Git, GitSnapshot } from '../ports/git.ts';
import type { Projects } from '../ports/projects.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ApplicationStore } from '../ports/store.ts';
import { applicationProblem, repositoryPermit } from '../projects/limits.ts';
import { isUnaffected } from '../sync/resolve/unaffected.ts';
import { refMatches } from '../webhook/ref-matches.ts';

/** A forge waits for its answer, so the Git server has this long to answer which applications a push changes. */
export const GIT_TIMEOUT_MS = 3_000;

export type AffectedApps = {
  /** Applications that use the repository, at any ref, by name. */
  readonly users: readonly ApplicationRecord[];
  /** Those that follow the pushed ref. */
  readonly affected: readonly ApplicationRecord[];
};

/** Returns the applications that a push affects. */
export async function affectedApps(event: PushEvent, state: ApplicationStore): Promise<AffectedApps> {
  const found = await Promise.all(event.repos.map((repo) => state.applicationsOfRepo(repo)));
  const byName = new Map(found.flat().map((record) => [record.app.name, record]));
  const users = [...byName.values()].sort((a, b) => (a.app.name < b.app.name ? -1 : 1));
  return {
    users,
    affected: users.filter(({ app }) => sourcesIn(app, event).some(({ ref }) => refMatches(ref, event))),
  };
}

/** Returns the sources of an application that are in the repository of a push. */
export function sourcesIn({ sources }: Application, { repos }: PushEvent): readonly Source[] {
  return sources.filter(({ repo }) => repos.includes(repoKey(repo)));
}

type UnchangedPorts = {
  readonly git: Git;
  readonly projects: Projects;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
};

/**
 * Returns the names of the applications that the head of their ref leaves unchanged. Of several applications in one repository a push often changes few;
 * the others need no operation. A single application finds out in its own operation.
 */
export async function unchangedApps(
  records: readonly ApplicationRecord[],
  { clock, log, ...ports }: UnchangedPorts,
): Promise<ReadonlySet<string>> {
  if (records.length < 2) return new Set();
  const answered = new AbortController();
  try {
    const late = clock.sleep(GIT_TIMEOUT_MS, answered.signal).then(() => new Set<string>());
    return await Promise.race([unchangedByHead(records, ports), late]);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.warn('could not find out which applications the push changes, requests all of them', { code, reason: message });
    return new Set();
  } finally {
    answered.abort();
  }
}

/** Whether an application's newest operation deployed well, and this commit changes nothing for it. After a failure an operation says that it is over. */
export function isUnchangedBy(snapshot: GitSnapshot, record: ApplicationRecord): boolean {
  const isSettled = isAtNewest(record) && !isWaiting(record) && record.failure === undefined;
  return isSettled && isUnaffected(record.lastSync, record.specHash, snapshot);
}

/** What its project does not permit is not connected to; the operation of the application says so. */
async function unchangedByHead(
  records: readonly ApplicationRecord[],
  { git, projects: ports }: Pick<UnchangedPorts, 'git' | 'projects'>,
): Promise<ReadonlySet<string>> {
  const { projects } = await ports.declared();
  const projectOf = ({ project }: Application) => projects.find(({ name }) => name === project);
  const sources = Map.groupBy(
    records.filter(
      (record) => isAtNewest(record) && applicationProblem(record.app, projectOf(record.app)) === undefined,
    ),
    ({ app }) => `${primarySource(app).ref} ${primarySource(app).repo} ${app.project}`,
  );
  const found = await Promise.all(
    [...sources.values()].map(async (users) => {
      const [first] = users;
      if (first === undefined) return [];
      const { repo, ref } = primarySource(first.app);
      const permit = repositoryPermit(projectOf(first.app));
      const snapshot = await git.open(repo, await git.resolve(repo, ref, permit), permit);
      return users.filter((user) => isUnchangedBy(snapshot, user));
    }),
  );
  return new Set(found.flat().map(({ app }) => app.name));
}

/** What waits is planned at each commit. */
function isWaiting({ waiting = [] }: ApplicationRecord): boolean {
  return waiting.length > 0;
}

function isAtNewest({ lastSync, desiredSeq }: ApplicationRecord): boolean {
  return lastSync?.seq === desiredSeq;
}
