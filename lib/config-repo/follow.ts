// The way of a configuration. In: where its repository is. Out: the newest valid configuration is stored as a whole, and the records of all applications
// follow it. What is invalid or cannot be read changes nothing and is reported. Safe to run at any time, also several times at once: one writes and
// loads, the others wait for a moment; what a crash left half loaded is loaded by the next run. May throw what the state table throws.

import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ConfigProblem } from '../model/config-problem.ts';
import type { ConfigSource, StoredConfiguration } from '../model/configuration-record.ts';
import { stableHash } from '../model/stable-hash.ts';
import type { Git } from '../ports/git.ts';
import type { Clock } from '../ports/runtime.ts';
import type { ConfigStore } from '../ports/store.ts';
import { loadConfig } from './apply.ts';
import { refusalOf } from './guard.ts';
import { type ConfigReading, readConfigHead } from './read.ts';
import { reportReading } from './report.ts';

export type FollowPorts = Parameters<typeof loadConfig>[1] & {
  readonly git: Git;
  readonly config: ConfigStore;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  /** The deployer's own version; another one reads the configuration anew, since it may understand it otherwise. */
  readonly version: string;
};

export type ConfigOutcome =
  | { readonly status: 'loaded'; readonly revision: string; readonly applications: number }
  | { readonly status: 'unchanged'; readonly revision: string }
  | { readonly status: 'invalid'; readonly revision: string; readonly problems: readonly ConfigProblem[] }
  | { readonly status: 'failed'; readonly error: DriftlessError }
  /** Somebody else still loads one; the next run looks again. */
  | { readonly status: 'busy' };

/** How long who loads is left alone. Nothing is written after it, as the loader's own clock sees it; less some time for what is on its way. */
const LOAD_MS = 60_000;
const SPARE_MS = 5_000;
const BUSY_MS = 1_000;
const TRIES = 5;

/** Follows the configuration repository once. */
export async function followConfigRepo(source: ConfigSource, ports: FollowPorts): Promise<ConfigOutcome> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await ports.clock.sleep(BUSY_MS);
    const outcome = await followOnce(source, ports);
    if (outcome !== undefined) return outcome;
  }
  return { status: 'busy' };
}

/** Undefined where somebody else writes or loads at this moment. */
async function followOnce(source: ConfigSource, ports: FollowPorts): Promise<ConfigOutcome | undefined> {
  const { config: store, git, version } = ports;
  const [current, before] = await Promise.all([store.current(), store.report()]);
  const isKnown = (revision: string): boolean =>
    current?.readBy === version &&
    current.revision === revision &&
    isSamePlace(current.source, source) &&
    isWhole(current);
  const reading = await refuseAccidents(await readConfigHead(source, git, isKnown), source, ports);
  const stored = reading.status === 'valid' ? await write(reading, { source, current }, ports) : current;
  if (reading.status === 'valid' && stored === undefined) return undefined;
  // Not before it is written: a crash in between must not make it look followed.
  await reportReading(reading, { source, before }, ports);
  if (stored === undefined || stored.loaded || !isWhole(stored)) return outcomeOf(reading);
  const loaded = await load(stored, ports);
  return loaded === undefined || reading.status === 'valid' || reading.status === 'known' ? loaded : outcomeOf(reading);
}

/** What was damaged in the table must be read from Git anew, and never be loaded as if nothing were configured. */
function isWhole({ config, hash }: StoredConfiguration): boolean {
  return stableHash(config) === hash;
}

function isSamePlace(a: ConfigSource, b: ConfigSource): boolean {
  return a.repo === b.repo && a.ref === b.ref && a.path === b.path;
}

async function refuseAccidents(
  reading: ConfigReading,
  source: ConfigSource,
  { state }: FollowPorts,
): Promise<ConfigReading> {
  if (reading.status !== 'valid') return reading;
  const names = (await state.applications()).map(({ app }) => app.name);
  const error = refusalOf(reading.config, { source, names });
  return error === undefined ? reading : { status: 'failed', revision: reading.revision, error };
}

type Valid = Extract<ConfigReading, { readonly status: 'valid' }>;
type Place = { readonly source: ConfigSource; readonly current: StoredConfiguration | undefined };

/** Writes what was read; where only the commit is another one, nothing is loaded for it. */
async function write(
  { revision, config }: Valid,
  { source: { repo, ref, path }, current }: Place,
  ports: FollowPorts,
): Promise<StoredConfiguration | undefined> {
  if (isBeingLoaded(current, ports)) return undefined;
  const hash = stableHash(config);
  const read = { source: { repo, ref, path }, revision, readBy: ports.version };
  if (current?.hash === hash && isWhole(current)) return ports.config.mark({ ...current, ...read });
  const at = new Date(ports.clock.now()).toISOString();
  return ports.config.replace({ ...read, hash, config, at, loaded: false }, current);
}

function isBeingLoaded(current: StoredConfiguration | undefined, { clock }: FollowPorts): boolean {
  return current?.loadingUntil !== undefined && Date.parse(current.loadingUntil) > clock.now();
}

/** Makes the applications follow what is stored; undefined where somebody else does so. */
async function load(found: StoredConfiguration, ports: FollowPorts): Promise<ConfigOutcome | undefined> {
  const { clock, config: store, log } = ports;
  if (isBeingLoaded(found, ports)) return undefined;
  const deadline = clock.monotonic() + LOAD_MS - SPARE_MS;
  const stored = await store.mark({ ...found, loadingUntil: new Date(clock.now() + LOAD_MS).toISOString() });
  if (stored === undefined) return undefined;
  const { loadingUntil: _until, ...ended } = stored;
  const { revision, config } = stored;
  try {
    await loadConfig(config.applications, { ...ports, state: writableUntil(deadline, ports) });
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    const reason = { revision, code: error.code, reason: error.message };
    log.error('could not load the whole configuration, the next run goes on', reason);
    await store.mark(ended);
    return { status: 'failed', error };
  }
  await store.mark({ ...ended, loaded: true });
  const applications = config.applications.length;
  log.info('follows the configuration', { repo: stored.source.repo, revision, applications });
  return { status: 'loaded', revision, applications };
}

/** A loader that was paused must not write after another one has taken over. */
function writableUntil(deadline: number, { state, clock }: FollowPorts): FollowPorts['state'] {
  const guard = (): void => {
    if (clock.monotonic() < deadline) return;
    throw new DriftlessError('LeaseExpired', `configuration: loading it took longer than ${LOAD_MS / 1000} s`);
  };
  return {
    ...state,
    putApplication: async (app, specHash) => {
      guard();
      return state.putApplication(app, specHash);
    },
    removeApplication: async (name) => {
      guard();
      return state.removeApplication(name);
    },
  };
}

function outcomeOf(reading: ConfigReading): ConfigOutcome {
  if (reading.status === 'invalid') return reading;
  if (reading.status === 'failed') return { status: 'failed', error: reading.error };
  return { status: 'unchanged', revision: reading.revision };
}
