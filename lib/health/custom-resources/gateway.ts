import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { firstMet, type Step } from '../by-conditions.ts';
import { type Condition, conditionsOf, generationOf, NOT_OBSERVED, readConditions } from '../conditions.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

const STEPS: readonly Step[] = [
  ['ResolvedRefs=False', 'Degraded'],
  ['Accepted=False', 'Degraded'],
  ['Programmed=False', 'Progressing'],
];

const Listener = z.object({ name: z.string().default(''), conditions: z.array(z.unknown()).default([]) });

const Gateway = z.object({ status: z.object({ listeners: z.array(Listener).default([]) }).prefault({}) });

/** A route may name several parts of one gateway. */
const ParentRef = z.object({
  name: z.string().default(''),
  namespace: z.string().optional(),
  sectionName: z.string().default(''),
  port: z.number().optional(),
});

type ParentRef = z.infer<typeof ParentRef>;

const Parent = z.object({
  parentRef: ParentRef.prefault({}),
  conditions: z.array(z.unknown()).default([]),
});

const Route = z.object({
  spec: z.object({ parentRefs: z.array(ParentRef).default([]) }).prefault({}),
  status: z.object({ parents: z.array(Parent).default([]) }).prefault({}),
});

/** Health of a Gateway and of all its listeners. */
export const gateway: Rule = {
  evaluate: (object) => {
    const { listeners } = Gateway.parse(object).status;
    const own = conditionsOf(object);
    if (own.length === 0 && listeners.length === 0)
      return progressing('not accepted by a controller yet', 'NotAccepted');
    const parts = listeners.map((l) =>
      partHealth(`listener ${l.name}`, readConditions(l.conditions, generationOf(object))),
    );
    return worstOf([partHealth('', own), ...parts]);
  },
};

/** Health of a route (HTTPRoute, GRPCRoute, TLSRoute and the like): each parent that it names, and that has set a status, must have accepted it. */
export const route: Rule = {
  evaluate: (object) => {
    const parents = parentsOf(object);
    return parents.length > 0 ? worstOf(parents) : progressing('not accepted by a gateway yet', 'NotAccepted');
  },
};

/** The status of a former parent does not count once it is older than the route. */
function parentsOf(object: KubeObject): readonly Health[] {
  const { spec, status } = Route.parse(object);
  return status.parents.flatMap(({ parentRef, conditions }) => {
    const current = readConditions(conditions, generationOf(object));
    const isFormer = !spec.parentRefs.some((ref) => isSame(ref, parentRef)) && current.every(isOutdated);
    return current.length === 0 || isFormer ? [] : [partHealth(`parent ${parentRef.name}`, current)];
  });
}

/** A controller may write the namespace that the route leaves out. */
function isSame(a: ParentRef, b: ParentRef): boolean {
  const [one, other] = [a.namespace ?? b.namespace, b.namespace ?? a.namespace];
  return a.name === b.name && one === other && a.sectionName === b.sectionName && a.port === b.port;
}

function partHealth(name: string, conditions: readonly Condition[]): Health {
  const open = conditions.find((c) => isOutdated(c) || (c.type === 'Programmed' && c.status === 'Unknown'));
  const health =
    firstMet(STEPS, conditions) ??
    (open ? progressing(open.message || 'not programmed yet', open.reason || 'NotProgrammed') : healthy());
  return health.status === 'Healthy' || name === '' ? health : { ...health, message: `${name}: ${health.message}` };
}

function isOutdated({ message }: Condition): boolean {
  return message === NOT_OBSERVED;
}

function worstOf(parts: readonly Health[]): Health {
  const bad = parts.find((p) => p.status === 'Degraded') ?? parts.find((p) => p.status === 'Progressing');
  return bad ?? healthy();
}
