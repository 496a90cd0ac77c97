import { z } from 'zod';
import { ANNOTATIONS, meaningIn } from '../../dialects/annotations.ts';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { byCondition, conditionsOf } from '../conditions.ts';
import {
  degraded,
  type HealthContext,
  healthy,
  judged,
  lastedLongerThan,
  progressing,
  type Rule,
  unknown,
} from '../rule.ts';
import { type ContainerProblem, ContainerStatus, crashProblem, failure, startProblem } from './containers.ts';

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
    if (phase === 'Failed') return failed(parsed);
    if (phase === 'Unknown') return unknown(parsed.status.message || 'its node does not respond', reason || 'NodeLost');
    const problem = startProblemOf(parsed) ?? crashProblemOf(parsed, object);
    if (problem !== undefined) return degraded(problem.message, problem.reason);
    if (phase === 'Running') return running(parsed, object);
    return phase === 'Pending'
      ? pending(object, context)
      : progressing(reason || 'no status yet', reason || 'NoStatus');
  },
};

/** Whether a pod has a container that cannot start, crashes aside. */
export function cannotStart(object: KubeObject): boolean {
  const parsed = Pod.safeParse(object);
  return parsed.success && startProblemOf(parsed.data) !== undefined;
}

function startProblemOf(parsed: Parsed): ContainerProblem | undefined {
  return first(parsed, startProblem);
}

function crashProblemOf(parsed: Parsed, object: KubeObject): ContainerProblem | undefined {
  const ready = conditionsOf(object).find((c) => c.type === 'Ready');
  return first(parsed, (container) => crashProblem(container, ready?.lastTransitionTime));
}

function failed(parsed: Parsed): Health {
  const { message, reason } = parsed.status;
  const container = first(parsed, failure);
  return degraded(message || container?.message || reason || 'the pod failed', reason || container?.reason || 'Failed');
}

function first({ status }: Parsed, why: (container: z.infer<typeof ContainerStatus>) => ContainerProblem | undefined) {
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  return containers.map(why).find((problem) => problem !== undefined);
}

/** Pods that complete, such as those of hooks, are Progressing until they have completed. */
function running({ spec }: Parsed, object: KubeObject): Health {
  const runsOn = spec.restartPolicy === 'Always' || meaningIn(object, ANNOTATIONS.ignoreRestartPolicy) === 'yes';
  if (!runsOn) return progressing('running; waiting for completion', 'Running');
  const ready = conditionsOf(object).find((c) => c.type === 'Ready');
  if (ready?.status === 'True') return healthy();
  return ready ? byCondition('Progressing', ready) : progressing('not ready yet', 'NotReady');
}

function pending(object: KubeObject, context: HealthContext): Health {
  const conditions = conditionsOf(object);
  const scheduled = conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (scheduled === undefined) return progressing('its containers are being started', 'ContainersStarting');
  const isStuck =
    scheduled.reason === 'Unschedulable' &&
    lastedLongerThan(UNSCHEDULABLE_GRACE_SECONDS, scheduled.lastTransitionTime, context);
  const message = `${scheduled.reason}: ${scheduled.message}`;
  return judged(isStuck ? 'Degraded' : 'Progressing', message, scheduled.reason || 'NotScheduled');
}
