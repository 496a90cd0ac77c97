// In: an operation that ends without a write, since its source has no manifest, or since too much would be deleted. Out: what other applications hold by now is
// released all the same: a release deletes nothing, and a file that moves may have been the last one of its folder.
import { DriftlessError } from '../../errors.ts';
import { formatRef, idKey } from '../../model/kube-object.ts';
import { type Holder, leftToHolder } from '../../ownership/claims.ts';
import { released } from '../../plan/inventory.ts';
import type { PlannedRemoval } from '../../plan/planned.ts';
import type { Run } from '../operation/run.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';
import { holdersOf } from './holders-of.ts';
import { requestNamed } from './request-others.ts';

/** Applications that hold objects, by the keys of the objects. */
type Holders = ReadonlyMap<string, Holder>;

/** Releases what a plan that only guards refuse leaves to other applications. */
export async function releaseLeft(run: Run, removals: readonly PlannedRemoval[]): Promise<void> {
  const held = new Map(removals.flatMap(({ entry, leftTo }) => (leftTo ? [[idKey(entry), leftTo] as const] : [])));
  if (held.size === 0) return;
  await run.stage('plan', 'release', async () => {
    await release(run, held);
    return {};
  });
}

/** Releases what other applications hold, where the commit no longer has the path of this one. Returns the error, which names what was released. */
export async function releaseWithoutPath(
  run: Run,
  source: ResolvedSource,
  error: DriftlessError,
): Promise<DriftlessError> {
  const result = await run.stage('render', 'release', async () => {
    const inventory = await run.inventory();
    const holders = await holdersOf(run, source, inventory);
    await release(run, holders);
    return { left: inventory.flatMap((entry) => sentenceOf(formatRef(entry), holders.get(idKey(entry)))) };
  });
  if (result.status === 'finished' || result.value.left.length === 0) return error;
  return new DriftlessError(error.code, [error.message, ...result.value.left].join('; '));
}

function sentenceOf(ref: string, holder: Holder | undefined): readonly string[] {
  return holder === undefined ? [] : [`${ref} ${leftToHolder(holder)}`];
}

/** What an application may hold stays with this one until that is known. */
async function release(run: Run, holders: Holders): Promise<void> {
  const isHeld = (key: string): boolean => holders.get(key)?.isCertain === true;
  const inventory = await run.inventory();
  const after = inventory.map((entry) => (isHeld(idKey(entry)) ? released(entry) : entry));
  if (after.some((entry, place) => entry.released !== inventory[place]?.released))
    await run.writeInventory(after, 'plan');
  await requestNamed(run, [...new Set([...holders.values()].map(({ app }) => app))]);
}
