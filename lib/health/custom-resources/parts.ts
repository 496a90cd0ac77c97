// Parts of rules for statuses that are more than a word or a list of conditions.
import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { firstMet, type Step } from '../by-conditions.ts';
import { generationOf, readConditions } from '../conditions.ts';
import { healthy, judged, type Rule, suspended } from '../rule.ts';
import { fieldOf, numberOf, type Part } from './status-rule.ts';

const Entry = z.looseObject({ conditions: z.array(z.unknown()).catch([]), name: z.string().catch('') });

/** The places where an entry of a status names what it is about. */
const Named = z.union([
  z.object({ ancestorRef: z.object({ name: z.string() }) }).transform(({ ancestorRef }) => ancestorRef.name),
  z.object({ routerName: z.string() }).transform(({ routerName }) => routerName),
  z.object({ tag: z.string() }).transform(({ tag }) => tag),
  z.object({ name: z.string() }).transform(({ name }) => name),
]);

/** A list in which each entry has conditions of its own; the worst of them counts, and names its entry. */
export function bound(path: string, what: string, steps: readonly Step[]): Part {
  return {
    steps,
    opinion: (object) => {
      const list = z.array(Entry).safeParse(fieldOf(object, path));
      const found = (list.data ?? []).flatMap((entry) => opinionOf(entry, { object, what, steps }));
      return (
        found.find(({ status }) => status === 'Degraded') ??
        found.find(({ status }) => status !== 'Healthy') ??
        found[0]
      );
    },
  };
}

type Context = { readonly object: KubeObject; readonly what: string; readonly steps: readonly Step[] };

function opinionOf(entry: z.infer<typeof Entry>, { object, what, steps }: Context): readonly Health[] {
  const conditions = readConditions(entry.conditions, generationOf(object));
  // A controller that is not responsible says so, too; the one that is may have accepted it.
  if (conditions.some(({ type, reason }) => type === 'Accepted' && reason === 'TargetNotFound')) return [];
  const health = firstMet(steps, conditions);
  if (health === undefined) return [];
  const name = Named.safeParse(entry).data ?? '';
  return [health.status === 'Healthy' ? health : { ...health, message: `${what} ${name}: ${health.message}` }];
}

/** A rule for a kind whose controller always writes `status.observedGeneration`. */
export function observing(rule: Rule): Rule {
  return { ...rule, observes: true };
}

/** Objects below the partition stay as they are until a person moves it: https://openkruise.io/docs/user-manuals/cloneset#partition */
export function inPartition(partition: string, updated: string, total: string): Part {
  return {
    opinion: (object) => {
      const kept = fieldOf(object, partition);
      if (kept === undefined || kept === 0 || kept === '0%' || kept === '0') return undefined;
      const [done, all] = [numberOf(object, updated) ?? 0, numberOf(object, total) ?? 1];
      return done < all
        ? suspended(`${done} of ${all} pods are new; the partition keeps the others`, 'Partitioned')
        : undefined;
    },
  };
}

/** A flag of a status that is false means a failure, one that is true success. */
export function flag(path: string, reason: string, ...messages: readonly string[]): Part {
  return {
    opinion: (object) => {
      const value = fieldOf(object, path);
      if (value === true) return healthy();
      if (value !== false) return undefined;
      const text = messages.map((one) => fieldOf(object, one)).find((one) => typeof one === 'string' && one !== '');
      return judged('Degraded', typeof text === 'string' ? text : reason, reason);
    },
  };
}

/** Solo writes a number or a word, for itself or for each controller: https://docs.solo.io/gloo-edge/latest/reference/api */
const SoloState = z.object({ state: z.union([z.number(), z.string()]), reason: z.string().catch('') });

/** By the words and, in the same order, the numbers of Solo. */
const SOLO = ['Pending', 'Accepted', 'Rejected', 'Warning'];

/** The status that Solo's controllers write. */
export const solo: Part = {
  opinion: ({ status }) => {
    const several = z.object({ statuses: z.record(z.string(), z.unknown()) }).safeParse(status).data?.statuses;
    const all = several === undefined ? [status] : Object.values(several);
    const found = all.flatMap((one) => SoloState.safeParse(one).data ?? []);
    const states = found.map(({ state, reason }) => ({
      word: typeof state === 'number' ? SOLO[state] : state,
      reason,
    }));
    const bad = states.find(({ word }) => word === 'Rejected') ?? states.find(({ word }) => word === 'Warning');
    if (bad) return judged('Degraded', bad.reason || `${bad.word}`, `${bad.word}`);
    const open = states.find(({ word }) => word === 'Pending');
    if (open) return judged('Progressing', open.reason || 'pending', 'Pending');
    return states.some(({ word }) => word === 'Accepted') ? healthy() : undefined;
  },
};
