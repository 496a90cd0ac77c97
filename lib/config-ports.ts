// What following a configuration repository needs of the outside world beyond lib/ports.ts. Adapters implement this.
import type { ConfigReport, StoredConfiguration } from './model/configuration-record.ts';

export interface ConfigStore {
  /** The configuration that is followed now, as a whole; undefined before the first. Where its documents cannot be read, `hash` is not that of `config`. */
  current(): Promise<StoredConfiguration | undefined>;
  /** Writes one in place of the version `over` (undefined: of none); gives it with its version, or undefined where somebody else wrote first. */
  replace(
    next: Omit<StoredConfiguration, 'version'>,
    over: StoredConfiguration | undefined,
  ): Promise<StoredConfiguration | undefined>;
  /** Writes everything but `config` and its `hash`, on the condition that the stored version is still `next.version`. */
  mark(next: StoredConfiguration): Promise<StoredConfiguration | undefined>;

  report(): Promise<ConfigReport | undefined>;
  putReport(report: ConfigReport): Promise<void>;
}
