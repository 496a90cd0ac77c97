// In: applications whose ref has got a commit. Out: what is known of it on their records. A Git server that fails or is slow is left to the next sweep.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Git, GitLog } from '../ports/git.ts';
import type { Projects } from '../ports/projects.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ApplicationStore } from '../ports/store.ts';
import { GIT_TIMEOUT_MS } from './affected-apps.ts';
import { headsOf, noteHead } from './heads.ts';

export type NoteHeadsPorts = {
  readonly git: Git & GitLog;
  readonly projects: Projects;
  readonly state: Pick<ApplicationStore, 'putHead'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
};

const AT_ONCE = 16;

/** Looks at Git for these applications; never throws. */
export async function noteHeads(records: readonly ApplicationRecord[], ports: NoteHeadsPorts): Promise<void> {
  const { clock, log } = ports;
  const answered = new AbortController();
  try {
    await Promise.race([noteAll(records, ports), clock.sleep(GIT_TIMEOUT_MS, answered.signal)]);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.warn('could not record the head', { code, reason: message });
  } finally {
    answered.abort();
  }
}

async function noteAll(records: readonly ApplicationRecord[], ports: NoteHeadsPorts): Promise<void> {
  const askHead = headsOf(ports.git, await ports.projects.declared());
  await mapBounded(records, AT_ONCE, async (record) => {
    const head = await askHead(record);
    // What a forge has just pushed is there; a failure now is one of the moment, and the sweep looks again.
    if (head?.revision !== undefined) await noteHead(record, head, ports);
  });
}
