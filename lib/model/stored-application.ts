// An application has a list of sources, but what is stored and hashed of one with a single source has `source`, as in 0.1.0: its hash, and with it what
// is deployed, does not change with an upgrade.
import type { Application } from './application.ts';
import type { Configuration } from './configuration.ts';
import { stableHash } from './stable-hash.ts';

type Stored = Omit<Application, 'sources' | 'renamedFrom'> &
  ({ readonly source: Application['sources'][0] } | Pick<Application, 'sources'>);

/** An application in the form in which it is stored. The name that it had before is no part of it: its record says that. */
export function storedApplication({ name, project, sources, renamedFrom: _, ...others }: Application): Stored {
  const [source, ...more] = sources;
  return { name, project, ...(more.length === 0 ? { source } : { sources }), ...others };
}

/** A configuration in the form in which it is stored. */
export function storedConfiguration({ applications, ...others }: Configuration) {
  const stored = applications.map((app) => ({
    ...storedApplication(app),
    ...(app.renamedFrom !== undefined && { renamedFrom: app.renamedFrom }),
  }));
  return { applications: stored, ...others };
}

/** The hash that tells whether an application's specification is the one that was deployed. Labels and annotations do not count. */
export function specHash(app: Application): string {
  const { labels: _, annotations: __, ...specification } = storedApplication(app);
  return stableHash(specification);
}

/** The hash that tells whether a configuration is the one that is followed. */
export function configHash(config: Configuration): string {
  return stableHash(storedConfiguration(config));
}
