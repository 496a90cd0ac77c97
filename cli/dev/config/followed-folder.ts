// In: a folder with configuration that is edited while the deployer runs. Out: what is valid is in effect; what came of the newest look is in the log, and in a
// report that `status` shows until it is put right.
import { pathToFileURL } from 'node:url';
import { asDriftlessError } from '../../../lib/errors.ts';
import type { ConfigProblem } from '../../../lib/model/config-problem.ts';
import type { Configuration } from '../../../lib/model/configuration.ts';
import { type ConfigReport, MAX_REPORTED_PROBLEMS } from '../../../lib/model/configuration-record.ts';
import type { RecordedError } from '../../../lib/model/operation.ts';
import type { Clock, Log } from '../../../lib/ports/runtime.ts';
import { userPath } from '../../paths.ts';
import { formatProblems, readConfig } from './config-folder.ts';

type Ports = { readonly clock: Pick<Clock, 'now'>; readonly log: Log };

/** The configuration of a deployer on this machine, and whether its newest version is in effect. */
export class FollowedFolder {
  readonly #path: string;
  readonly #ports: Ports;
  #report: ConfigReport;

  constructor(path: string, ports: Ports) {
    this.#path = path;
    this.#ports = ports;
    this.#report = this.#reportOf({ status: 'followed' });
  }

  readonly report = async (): Promise<ConfigReport> => this.#report;

  /** Reads the folder again and loads it; an invalid or missing one changes nothing. */
  async reload(load: (config: Configuration) => Promise<void>): Promise<void> {
    const { log } = this.#ports;
    try {
      const parsed = await readConfig(this.#path);
      if (parsed.ok) {
        await load(parsed.config);
        this.#report = this.#reportOf({ status: 'followed' });
        return;
      }
      const { problems } = parsed;
      this.#report = this.#reportOf({ status: 'invalid', problems });
      log.error('configuration is invalid, so nothing was changed', { problems: formatProblems(problems) });
    } catch (thrown) {
      const { code, message, hint } = asDriftlessError(thrown);
      this.#report = this.#reportOf({ status: 'failed', error: { code, message, hint } });
      log.error('configuration could not be loaded, so nothing was changed', { code, reason: message });
    }
  }

  #reportOf({ status, problems = [], error }: Looked): ConfigReport {
    return {
      status,
      source: { repo: pathToFileURL(userPath(this.#path)).href, ref: '', path: '' },
      problems: problems.slice(0, MAX_REPORTED_PROBLEMS),
      count: problems.length,
      ...(error && { error }),
      since: new Date(this.#ports.clock.now()).toISOString(),
    };
  }
}

type Looked = Pick<ConfigReport, 'status'> & {
  readonly problems?: readonly ConfigProblem[];
  readonly error?: RecordedError;
};
