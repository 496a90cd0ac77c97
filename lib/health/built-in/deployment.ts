import { z } from 'zod';
import type { KubeObject } from '../../model/kube-object.ts';
import { byCondition, type Condition, conditionsOf, findCondition } from '../conditions.ts';
import { healthy, progressing, type Rule, suspended } from '../rule.ts';

const Deployment = z.object({
  spec: z.object({ replicas: z.number().default(1) }).prefault({}),
  status: z
    .object({
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
    })
    .prefault({}),
});

/**
 * Health of an apps/v1 Deployment, in the order of `kubectl rollout status`. Unlike there, pods that cannot be created (quota, admission)
 * are Degraded at once: the controller retries, but the reason should be visible before the progress deadline.
 */
export const deployment: Rule = {
  observes: true,
  early: (object) => {
    const spec = z.object({ paused: z.literal(true) }).safeParse(object.spec);
    return spec.success ? suspended('the rollout is paused by spec.paused', 'Paused') : undefined;
  },
  evaluate: (object) => {
    const failure = failureOf(conditionsOf(object));
    if (failure) return byCondition('Degraded', failure);
    return rolloutProgress(object);
  },
};

function rolloutProgress(object: KubeObject) {
  const { spec, status } = Deployment.parse(object);
  const { replicas, updatedReplicas: updated, availableReplicas: available } = status;
  if (updated < spec.replicas) return progressing(`${updated} of ${spec.replicas} new pods exist`, 'RollingOut');
  if (replicas > updated) return progressing(`old pods remaining: ${replicas - updated}`, 'OldPodsRemaining');
  if (available < updated) return progressing(`${available} of ${updated} new pods are available`, 'PodsUnavailable');
  return healthy();
}

function failureOf(conditions: readonly Condition[]): Condition | undefined {
  const progress = conditions.find((c) => c.type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return progress;
  const failure = findCondition(conditions, 'ReplicaFailure', 'True');
  return failure && progress && isOfOldReplicaSet(failure, progress) ? undefined : failure;
}

/** Until the new ReplicaSet has a failure of its own, the controller still reports that of the old one, with its time. */
function isOfOldReplicaSet(failure: Condition, progress: Condition): boolean {
  const failedAt = failure.lastUpdateTime ?? failure.lastTransitionTime ?? '';
  return progress.reason === 'NewReplicaSetCreated' && failedAt !== '' && failedAt < (progress.lastUpdateTime ?? '');
}
