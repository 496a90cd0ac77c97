import { z } from 'zod';
import { ANNOTATIONS, meaningIn } from '../../dialects/annotations.ts';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { conditionsOf, explain } from '../conditions.ts';
import { ContainerStatus, crashProblem, failure, startProblem } from './containers.ts';
import { degraded, type HealthContext, healthy, lastedLongerThan, progressing, type Rule } from '../rule.ts';

const Pod = z.object({
  spec: z.object({ restartPolicy: z.string().default('Always') }).prefault({}),
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});

type Parsed = z.infer<typeof Pod>;

/** The autoscaler may be starting a node for an unschedulable pod; after this time it is not. */
const UNSCHEDULABLE_GRACE_SECONDS = 300;

/** Health of a v1 Pod; its init containers and sidecars count like the others. */
export const pod: Rule = {
  evaluate: (object, context) => {
    const parsed = Pod.parse(object);
    const { phase, reason } = parsed.status;
    if (phase === 'Succeeded') return healthy();
    if (phase === 'Failed') return degraded(failureOf(parsed));
    if (phase === 'Unknown')
      return { status: 'Unknown', message: parsed.status.message || 'its node does not respond' };
    const problem = startProblemOf(parsed) ?? crashProblemOf(parsed, object);
    if (problem !== undefined) return degraded(problem);
    if (phase === 'Running') return running(parsed, object);
    return phase === 'Pending' ? pending(object, context) : progressing(reason || 'no status yet');
  },
};

/** Why a pod's containers cannot start, crashes aside; undefined where they can. */
export function podStartProblem(object: KubeObject): string | undefined {
  const parsed = Pod.safeParse(object);
  return parsed.success ? startProblemOf(parsed.data) : undefined;
}

function startProblemOf(parsed: Parsed): string | undefined {
  return first(parsed, startProblem);
}

function crashProblemOf(parsed: Parsed, object: KubeObject): string | undefined {
  const ready = conditionsOf(object).find((c) => c.type === 'Ready');
  return first(parsed, (container) => crashProblem(container, ready?.lastTransitionTime));
}

function failureOf(parsed: Parsed): string {
  const { message, reason } = parsed.status;
  return message || first(parsed, failure) || reason || 'the pod failed';
}

function first({ status }: Parsed, why: (container: z.infer<typeof ContainerStatus>) => string | undefined) {
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  return containers.map(why).find((text) => text !== undefined);
}

/** Pods that complete, such as those of hooks, are Progressing until they have completed. */
function running({ spec }: Parsed, object: KubeObject): Health {
  const runsOn = spec.restartPolicy === 'Always' || meaningIn(object, ANNOTATIONS.ignoreRestartPolicy) === 'yes';
  if (!runsOn) return progressing('running; waiting for completion');
  const ready = conditionsOf(object).find((c) => c.type === 'Ready');
  if (ready?.status === 'True') return healthy();
  return progressing(ready ? explain(ready) : 'not ready yet');
}

function pending(object: KubeObject, context: HealthContext): Health {
  const conditions = conditionsOf(object);
  const scheduled = conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (scheduled === undefined) return progressing('its containers are being started');
  const isStuck =
    scheduled.reason === 'Unschedulable' &&
    lastedLongerThan(UNSCHEDULABLE_GRACE_SECONDS, scheduled.lastTransitionTime, context);
  const message = `${scheduled.reason}: ${scheduled.message}`;
  return isStuck ? degraded(message) : progressing(message);
}
