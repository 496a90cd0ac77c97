import type { Flow } from '../../../lib/ports/workflow.ts';
import type { Target } from './rig.ts';

/** Told the name of each step as it runs, with `begin` before it has an effect, `end` after that, and `between` after it is remembered. */
export type Witness = (event: 'begin' | 'end' | 'between', step: string, target: Target) => void;

/** An operation of the shape of a deployment, whose result tells what each step saw. */
export async function deployment(target: Target, flow: Flow, witness: Witness): Promise<object> {
  async function observed<T>(step: string, result: T): Promise<T> {
    witness('begin', step, target);
    await new Promise((resolve) => setImmediate(resolve));
    witness('end', step, target);
    return result;
  }
  const plan = await flow.step('plan', () => observed('plan', { stages: ['first', 'second'] }));
  witness('between', 'plan', target);
  const applied: string[] = [];
  for (const stage of plan.stages) {
    await flow.step(`apply ${stage}`, () => observed(`apply ${stage}`, undefined));
    witness('between', `apply ${stage}`, target);
    applied.push(stage);
  }
  const healthy = await flow.poll<number>('health', 3, async (left) => {
    const state = await observed(`health ${left}`, left - 1);
    return state > 0 ? { state, nextSeconds: 2 } : { state };
  });
  await flow.sleep('bake', 30);
  const pruned = await flow.step('prune', () => observed('prune', 7));
  witness('between', 'prune', target);
  return { app: target.app, plan, applied, healthy, pruned };
}

export const deployed = {
  app: 'shop',
  plan: { stages: ['first', 'second'] },
  applied: ['first', 'second'],
  healthy: 0,
  pruned: 7,
};
