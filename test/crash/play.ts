// Plays the pushes of an example to a deployer that may die at any time and is started again then, as a forge and a supervisor would.
import type { Files } from './example.ts';
import type { World } from './world.ts';

/** A deployer that may die. */
export type Victim = {
  /** Resolves, with where it was, when it has died. */
  readonly died: Promise<string>;
  /** Reads the configuration, as a deployer does when it starts. */
  load(): Promise<void>;
  /** Delivers a push; gives the HTTP status of the answer, and none where it dies meanwhile. */
  deliver(push: { readonly revision: string }): Promise<number>;
  /** Ends it without a word, if it has not died yet. */
  end(): Promise<void>;
};

/** Starts the n-th deployer, counted from 0. */
export type Start = (incarnation: number) => Promise<Victim>;

const ACCEPTED = 202;

export type Played = { readonly revisions: readonly string[]; readonly deaths: readonly string[] };

/** Deploys commit after commit; gives the commits, and where deployers died. */
export async function play(world: World, commits: readonly Files[], start: Start): Promise<Played> {
  const { survive, deaths, end } = survivor(start);
  const revisions: string[] = [];
  for (const files of commits) {
    const before = revisions.at(-1);
    const revision = await world.repository.commit(files, before);
    await world.repository.push(revision);
    if (before !== undefined) await survive((current) => deliverTo(current, revision));
    await survive(() => world.settled(revision));
    revisions.push(revision);
  }
  await end();
  return { revisions, deaths };
}

/** Does work with a living deployer, again with the next one where one dies of it. */
export function survivor(start: Start) {
  const deaths: string[] = [];
  let victim: Victim | undefined;
  return {
    deaths,
    end: async (): Promise<void> => victim?.end(),
    async survive(work: (victim: Victim) => Promise<unknown>): Promise<void> {
      for (;;) {
        const current: Victim = victim ?? (await start(deaths.length));
        const begun = (victim === undefined ? current.load() : Promise.resolve()).then(() => work(current));
        victim = current;
        const death = await Promise.race([current.died, begun.then(() => undefined)]);
        if (death === undefined) return;
        deaths.push(death);
        await current.end();
        victim = undefined;
      }
    },
  };
}

/** A forge delivers again what was not accepted. */
export async function deliverTo(victim: Victim, revision: string): Promise<void> {
  const status = await victim.deliver({ revision });
  if (status !== ACCEPTED) throw new Error(`a delivery was answered with ${status}`);
}
