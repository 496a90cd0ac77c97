// In: a valid configuration, and the configured applications. Out: the error that refuses it, if any. A mistyped path or branch must not make the deployer
// remove what it deploys, and one application that cannot be stored must not leave half a configuration.
import { DriftlessError } from '../errors.ts';
import type { Configuration } from '../model/configuration.ts';
import type { ConfigSource } from '../model/configuration-record.ts';

/** An application's record has room for 400 kB, with its state beside the specification. */
const MAX_SPECIFICATION_BYTES = 250_000;

type Present = {
  readonly source: ConfigSource;
  /** Names of the applications that are configured now. */
  readonly names: readonly string[];
};

/** Returns why a configuration is refused as a whole; undefined where it may be followed. */
export function guardConfig({ applications }: Configuration, present: Present): DriftlessError | undefined {
  for (const app of applications) {
    const bytes = Buffer.byteLength(JSON.stringify(app));
    if (bytes <= MAX_SPECIFICATION_BYTES) continue;
    return new DriftlessError(
      'StateTooLarge',
      `Application/${app.name}: its specification takes ${kB(bytes)}, at most ${kB(MAX_SPECIFICATION_BYTES)}; move its Helm values into a file`,
    );
  }
  return removingAll(applications, present);
}

/** Renaming the only application is intended; removing all of several is an accident. */
function removingAll(
  applications: Configuration['applications'],
  { source, names }: Present,
): DriftlessError | undefined {
  const kept = applications.filter(
    ({ name, renamedFrom = name }) => names.includes(name) || names.includes(renamedFrom),
  ).length;
  if (names.length === 0 || kept > 0) return undefined;
  if (applications.length > 0 && names.length === 1) return undefined;
  return new DriftlessError(
    'ConfigEmpty',
    `configuration: path "${source.path}" of ${source.repo} has none of the ${names.length} applications that are deployed; correct the path, or keep one of them`,
  );
}

function kB(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
