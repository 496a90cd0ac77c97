// In: names in the labels of live objects. Out: the applications that have these names, or had them: a renamed one holds its objects before its next operation
// labels them again, which may be long if it is suspended, held or deployed manually. Costs one read more where a name is not configured.
import type { OwnerRecord } from '../../ports/ownership.ts';
import type { Run } from '../operation/run.ts';

/** Owners by the names, and by the present names of those that were renamed. The former names of the application itself are its own. */
export async function ownersNamed(run: Run, names: readonly string[]): Promise<ReadonlyMap<string, OwnerRecord>> {
  const { state } = run.ports;
  const owners = await state.owners(names);
  const own = ((await run.application()).formerly ?? []).map(({ name }) => name);
  const gone = [...new Set(names)].filter((name) => owners.get(name)?.record === undefined && !own.includes(name));
  if (gone.length === 0) return owners;
  const records = await state.applications();
  const renamed = gone.flatMap((former) => {
    const record = records.find(({ formerly = [] }) => formerly.some(({ name }) => name === former));
    return record === undefined ? [] : [[former, record.app.name] as const];
  });
  const present = await state.owners(renamed.map(([, name]) => name));
  const found = renamed.flatMap(([former, name]) => {
    const owner = present.get(name);
    return owner === undefined ? [] : [[former, owner] as const, [name, owner] as const];
  });
  return new Map([...owners, ...found]);
}

/** The former names of an application that no other one has now: objects with these in their label are its own still. Without names it costs nothing. */
export async function ownFormerNames(
  formerly: readonly string[],
  owners: (names: readonly string[]) => Promise<ReadonlyMap<string, OwnerRecord>>,
): Promise<ReadonlySet<string>> {
  if (formerly.length === 0) return new Set();
  const found = await owners(formerly);
  return new Set(formerly.filter((name) => found.get(name)?.record === undefined));
}
