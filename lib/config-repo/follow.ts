// The way of a configuration. In: the address of its repository. Out: the newest valid configuration is stored as a whole, and the records of all applications
// follow it. An invalid or unreadable configuration changes nothing and is reported. Safe to run at any time, also several times at once: one run writes
// and applies, the others wait for a moment; the next run completes what a crash interrupted. May throw what the state table throws.

import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ConfigProblem } from '../model/config-problem.ts';
import type { ConfigSource, StoredConfiguration } from '../model/configuration-record.ts';
import { configHash } from '../model/stored-application.ts';
import type { Git } from '../ports/git.ts';
import type { Clock } from '../ports/runtime.ts';
import type { ConfigStore } from '../ports/store.ts';
import { type ApplyConfigPorts, applyConfig, isFromConfig } from './apply.ts';
import { guardConfig } from './guard.ts';
import { type ReadResult, readConfig } from './read.ts';
import { reportConfig } from './report.ts';

export type FollowPorts = ApplyConfigPorts & {
  readonly git: Git;
  readonly config: ConfigStore;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  /** The deployer's own version; another version reads the configuration again, since it may parse it differently. */
  readonly version: string;
};

export type FollowOutcome =
  | { readonly status: 'loaded'; readonly revision: string; readonly applications: number }
  | { readonly status: 'unchanged'; readonly revision: string }
  | { readonly status: 'invalid'; readonly revision: string; readonly problems: readonly ConfigProblem[] }
  | { readonly status: 'failed'; readonly error: DriftlessError }
  /** Another worker is still applying a configuration; the next run tries again. */
  | { readonly status: 'busy' };

/** How long a worker may apply a configuration. Its last write, by its own clock, comes SPARE_MS earlier, so that it arrives in time. */
const APPLY_MS = 60_000;
const SPARE_MS = 5_000;
const BUSY_MS = 1_000;
const TRIES = 5;

/** Follows the configuration repository once. */
export async function followConfig(source: ConfigSource, ports: FollowPorts): Promise<FollowOutcome> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await ports.clock.sleep(BUSY_MS);
    const outcome = await followOnce(source, ports);
    if (outcome !== undefined) return outcome;
  }
  return { status: 'busy' };
}

/** Returns undefined while another worker is writing or applying. */
async function followOnce(source: ConfigSource, ports: FollowPorts): Promise<FollowOutcome | undefined> {
  const { config: store, git, version } = ports;
  const [current, before] = await Promise.all([store.current(), store.report()]);
  const isKnown = (revision: string): boolean =>
    current?.readBy === version &&
    current.revision === revision &&
    isSamePlace(current.source, source) &&
    isWhole(current);
  const reading = await guarded(await readConfig(source, git, isKnown), source, ports);
  const stored = reading.status === 'valid' ? await write(reading, { source, current }, ports) : current;
  if (reading.status === 'valid' && stored === undefined) return undefined;
  // The report comes after the write: a crash in between must not make the configuration look followed.
  await reportConfig(reading, { source, before }, ports);
  if (stored === undefined || stored.loaded || !isWhole(stored)) return outcomeOf(reading);
  const applied = await apply(stored, ports);
  return applied === undefined || reading.status === 'valid' || reading.status === 'known'
    ? applied
    : outcomeOf(reading);
}

/** A damaged record must be read from Git again, and never be applied as an empty configuration. */
function isWhole({ config, hash }: StoredConfiguration): boolean {
  return configHash(config) === hash;
}

function isSamePlace(a: ConfigSource, b: ConfigSource): boolean {
  return a.repo === b.repo && a.ref === b.ref && a.path === b.path;
}

async function guarded(reading: ReadResult, source: ConfigSource, { state }: FollowPorts): Promise<ReadResult> {
  if (reading.status !== 'valid') return reading;
  const names = (await state.applications()).filter(isFromConfig).map(({ app }) => app.name);
  const error = guardConfig(reading.config, { source, names });
  return error === undefined ? reading : { status: 'failed', revision: reading.revision, error };
}

type Valid = Extract<ReadResult, { readonly status: 'valid' }>;
type Target = { readonly source: ConfigSource; readonly current: StoredConfiguration | undefined };

/** Writes what was read; where only the commit differs, nothing is applied. Another version of the deployer completes the indexes. */
async function write(
  { revision, config }: Valid,
  { source: { repo, ref, path }, current }: Target,
  ports: FollowPorts,
): Promise<StoredConfiguration | undefined> {
  if (isBeingApplied(current, ports)) return undefined;
  const hash = configHash(config);
  const read = { source: { repo, ref, path }, revision, readBy: ports.version };
  if (current?.hash === hash && isWhole(current)) {
    // The version is marked afterwards: a crash in between must not make the indexes look complete.
    if (current.readBy !== ports.version) await ports.state.fillIndexes();
    return ports.config.mark({ ...current, ...read });
  }
  const at = new Date(ports.clock.now()).toISOString();
  return ports.config.replace({ ...read, hash, config, at, loaded: false }, current);
}

function isBeingApplied(current: StoredConfiguration | undefined, { clock }: FollowPorts): boolean {
  return current?.loadingUntil !== undefined && Date.parse(current.loadingUntil) > clock.now();
}

/** Makes the applications follow the stored configuration; returns undefined while another worker does so. */
async function apply(found: StoredConfiguration, ports: FollowPorts): Promise<FollowOutcome | undefined> {
  const { clock, config: store, log } = ports;
  if (isBeingApplied(found, ports)) return undefined;
  const deadline = clock.monotonic() + APPLY_MS - SPARE_MS;
  const stored = await store.mark({ ...found, loadingUntil: new Date(clock.now() + APPLY_MS).toISOString() });
  if (stored === undefined) return undefined;
  const { loadingUntil: _until, ...ended } = stored;
  const { revision, config } = stored;
  try {
    await applyConfig(config.applications, { ...ports, state: writableUntil(deadline, ports) });
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    const reason = { revision, code: error.code, reason: error.message };
    log.error('could not apply the whole configuration, the next run continues', reason);
    await store.mark(ended);
    return { status: 'failed', error };
  }
  await store.mark({ ...ended, loaded: true });
  const applications = config.applications.length;
  log.info('applied the configuration', { repo: stored.source.repo, revision, applications });
  return { status: 'loaded', revision, applications };
}

/** A worker that was paused must not write after another one has taken over. */
function writableUntil(deadline: number, { state, clock }: FollowPorts): FollowPorts['state'] {
  const guard = (): void => {
    if (clock.monotonic() < deadline) return;
    throw new DriftlessError('LeaseExpired', `configuration: applying it took longer than ${APPLY_MS / 1000} s`);
  };
  return {
    ...state,
    putApplication: async (...declared) => {
      guard();
      return state.putApplication(...declared);
    },
    renameApplication: async (...declared) => {
      guard();
      return state.renameApplication(...declared);
    },
    removeApplication: async (name) => {
      guard();
      return state.removeApplication(name);
    },
    fillIndexes: async () => {
      guard();
      return state.fillIndexes();
    },
  };
}

function outcomeOf(reading: ReadResult): FollowOutcome {
  if (reading.status === 'invalid') return reading;
  if (reading.status === 'failed') return { status: 'failed', error: reading.error };
  return { status: 'unchanged', revision: reading.revision };
}
