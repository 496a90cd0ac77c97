// In: the applications of a configuration, and those that are recorded. Out: which new ones go on with what a recorded one has. Pure.
import type { Application } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { stableHash } from '../model/stable-hash.ts';

/**
 * Former names, by the names of applications that are new: as an application says itself, or where exactly one is gone and one is new, and both deploy the same
 * sources to the same place. An application goes on only with one of its own project, which the configuration no longer has.
 */
export function renamesOf(
  applications: readonly Application[],
  records: readonly ApplicationRecord[],
): ReadonlyMap<string, string> {
  const configured = new Set(applications.map(({ name }) => name));
  const recorded = new Set(records.map(({ app }) => app.name));
  const gone = records.map(({ app }) => app).filter(({ name }) => !configured.has(name));
  const fresh = applications.filter(({ name }) => !recorded.has(name));
  const renames = new Map<string, string>();
  for (const { name, project, renamedFrom } of fresh) {
    const isFree = ![...renames.values()].some((taken) => taken === renamedFrom);
    if (isFree && gone.some((old) => old.name === renamedFrom && old.project === project))
      renames.set(name, renamedFrom ?? '');
  }
  const [old, ...others] = gone;
  const [app, ...more] = fresh;
  const isOneOfEach = old !== undefined && app !== undefined && others.length === 0 && more.length === 0;
  if (isOneOfEach && app.renamedFrom === undefined && placeOf(old) === placeOf(app)) renames.set(app.name, old.name);
  return renames;
}

function placeOf({ project, sources, destination }: Application): string {
  return stableHash({ project, sources, destination });
}
