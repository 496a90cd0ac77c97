// Plays a sequence to a real deployer and holds what comes of it against the model: the cluster ends at the newest good commit, nothing is pruned
// that Git still holds, nothing is orphaned, and nobody else's object is touched.
import { idKey, idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { formatDifference } from './difference.ts';
import { configMap } from './example.ts';
import { History, type Made } from './history.ts';
import { type MortalDeployer, startMortalDeployer } from './mortal-deployer.ts';
import { liveObjects } from './picture.ts';
import { type Move, objectsOf, type Step } from './sequence.ts';
import { openWorld, until, type World } from './world.ts';

/** What is to be so in the end, and what is so; and how many deployers died on the way. */
export type Verdict = { readonly expected: unknown; readonly actual: unknown; readonly deaths: number };

/** Plays a sequence, then pushes one more good commit, and gives what both sides came to. */
export async function playSequence(kubeconfig: string, steps: readonly Step[]): Promise<Verdict> {
  const world = await openWorld(kubeconfig);
  const play = new SequencePlay(world);
  try {
    await play.step({ do: 'push', move: { do: 'commit', wanted: EVERYTHING, flaw: null }, delivered: false });
    await play.step({ do: 'settle' });
    for (const step of steps) await play.step(step);
    await play.step({ do: 'settle' });
    await play.step({ do: 'push', move: { do: 'commit', wanted: HALF, flaw: null }, delivered: true });
    return await play.verdict();
  } catch (error) {
    throw new Error(`${JSON.stringify(steps)}: ${await play.story()}`, { cause: error });
  } finally {
    await play.end();
    await world.close();
  }
}

const EVERYTHING = { a: 0, b: 0, c: 0, widget: 0, extra: 0 };
const HALF = { a: 1, b: null, c: 0, widget: 2, extra: null };

/** Statuses in which an operation for a good commit, and for a flawed one, ends. */
const GOOD = ['synced', 'unchanged'];
const BAD = ['failed', 'refused'];

/** How often the deployer looks for commits that it was not told of. */
const SWEEP_MS = 500;

class SequencePlay {
  readonly #world: World;
  readonly #history: History;
  #deployer: MortalDeployer | undefined;
  #intruders = 0;
  #deaths = 0;
  readonly #wrongEnds: string[] = [];
  #edited = false;

  constructor(world: World) {
    this.#world = world;
    this.#history = new History(world);
  }

  async step(step: Step): Promise<void> {
    const deployer = await this.#living();
    if (step.do === 'kill') deployer.mortal.dieIn(step.death);
    if (step.do === 'edit') await this.#edit(step);
    if (step.do === 'intrude') await this.#intrude();
    if (step.do === 'settle') await this.#settle();
    if (step.do === 'push') await this.#push(deployer, step.move, step.delivered);
    if (step.do === 'overtake') await this.#overtake(deployer, step);
  }

  async #push(deployer: MortalDeployer, move: Move, delivered: boolean): Promise<void> {
    const { revision } = await this.#history.push(move);
    if (delivered) await Promise.race([deployer.deliver({ revision }), deployer.died]);
  }

  async #overtake(deployer: MortalDeployer, { move, death, by }: Extract<Step, { do: 'overtake' }>): Promise<void> {
    deployer.mortal.dieIn(death);
    await this.#push(deployer, move, true);
    await until('a death, or nothing left to do', async () => deployer.mortal.dead || (await this.#world.resting()));
    // On AWS the function that hears of pushes lives on when the one that deploys has died.
    const { revision } = await this.#history.push(by);
    await this.#world.state.request(this.#world.app.name, { revision, trigger: { kind: 'push' } });
  }

  /** What everything came to, after the last push. */
  async verdict(): Promise<Verdict> {
    await this.#settle(true);
    const { name } = this.#world.app;
    const operations = await this.#world.state.operations(name, 100);
    const intruders = Array.from({ length: this.#intruders }, (_, place) => `intruder-${place + 1}`);
    return {
      deaths: this.#deaths,
      expected: { open: [], wrongEnds: [], intruders },
      actual: {
        open: operations.filter(({ phase }) => phase !== 'done').map(({ seq }) => seq),
        wrongEnds: this.#wrongEnds,
        intruders: await this.#present(intruders),
      },
    };
  }

  /** What differs between what a commit wants and what is in the cluster and in the inventory. */
  async #differences({ wanted, count }: Made): Promise<string> {
    const { name } = this.#world.app;
    const objects = [...objectsOf(name, wanted), configMap('count', String(count))].map((object) =>
      placed(object, name),
    );
    const [live, inventory] = await Promise.all([liveObjects(this.#world), this.#world.state.inventory(name)]);
    return formatDifference(
      { objects: objects.map(summaryOf).sort(), inventory: objects.map((object) => idKey(idOf(object))).sort() },
      { objects: live.map(summaryOf).sort(), inventory: inventory.map(idKey).sort() },
    );
  }

  /** What was recorded and logged, for whoever looks for the reason of a failure. */
  async story(): Promise<string> {
    const { name } = this.#world.app;
    const record = await this.#world.state.application(name);
    const operations = await this.#world.state.operations(name, 100);
    const lines = [record, ...operations, ...(this.#deployer?.log.lines ?? []).slice(-30)];
    return lines.map((line) => JSON.stringify(line)).join('\n');
  }

  async end(): Promise<void> {
    await this.#deployer?.end();
  }

  /** A deployer that has died is started again. */
  async #living(): Promise<MortalDeployer> {
    while (this.#deployer === undefined || this.#deployer.mortal.dead) {
      if (this.#deployer !== undefined) this.#deaths += 1;
      await this.#deployer?.end();
      this.#deployer = await startMortalDeployer(this.#world);
      await Promise.race([this.#deployer.load(), this.#deployer.died]);
    }
    return this.#deployer;
  }

  /** Until the head has an operation that has ended; where nobody told of it, the sweep does. */
  async #settle(isLast = false): Promise<void> {
    const head = this.#history.head;
    if (head === undefined) return;
    let swept = Number.NEGATIVE_INFINITY;
    const { outcome, seq } = await until(`an end of ${JSON.stringify(head)}`, async () => {
      const deployer = await this.#living();
      if (performance.now() - swept > SWEEP_MS) {
        await Promise.race([deployer.load(), deployer.died]);
        swept = performance.now();
      }
      const newest = deployer.mortal.dead ? undefined : await this.#world.resting();
      return newest !== undefined && this.#isEndOf(newest, head.revision) ? newest : undefined;
    });
    // Somebody who edits an object while it is applied makes a conflict, which is refused.
    const expected = head.flaw !== null ? BAD : this.#edited && !isLast ? [...GOOD, 'refused'] : GOOD;
    if (!expected.includes(outcome?.status ?? '')) this.#wrongEnds.push(`${seq}: ${JSON.stringify(outcome)}`);
    // What was edited by hand is repaired by the next commit that concerns the application, at the latest by the last one.
    if (this.#edited && !isLast) return;
    const differences = head.flaw === null ? await this.#differences(head) : '';
    if (differences !== '') this.#wrongEnds.push(`${seq}: ${differences}`);
  }

  /** A commit that changes nothing after a good deployment needs no operation. */
  #isEndOf({ revision, outcome }: Operation, head: string): boolean {
    const isGood = GOOD.includes(outcome?.status ?? '');
    return revision === head || (isGood && this.#history.isLikeHead(revision));
  }

  async #edit({ name, how }: Extract<Step, { do: 'edit' }>): Promise<void> {
    const { kube, app } = this.#world;
    const what = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name };
    if ((await kube.get(what)) === undefined) return;
    this.#edited = true;
    const done = how === 'delete' ? kube.delete(what) : kube.edit(what, { data: { value: 'edited by hand' } });
    // The deployer may be quicker to delete it.
    await done.catch(() => undefined);
  }

  /** Somebody else's object beside ours. */
  async #intrude(): Promise<void> {
    this.#intruders += 1;
    await this.#world.kube.create(placed(configMap(`intruder-${this.#intruders}`, 'mine'), this.#world.app.name));
  }

  async #present(names: readonly string[]): Promise<readonly string[]> {
    const { kube, app } = this.#world;
    const found = await Promise.all(
      names.map((name) => kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name })),
    );
    return names.filter((_, place) => found[place] !== undefined);
  }
}

/** The object in the application's namespace, where it names none and needs one. */
function placed(object: KubeObject, namespace: string): KubeObject {
  if (object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition') return object;
  return { ...object, metadata: { namespace, ...object.metadata } };
}

/** Identity and value; a CRD's specification is the server's. */
function summaryOf(object: KubeObject): string {
  const value = object.kind === 'Widget' ? object.spec : object.data;
  return `${idKey(idOf(object))} ${JSON.stringify(value)}`;
}
