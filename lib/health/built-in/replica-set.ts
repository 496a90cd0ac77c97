import { z } from 'zod';
import { byCondition, conditionsOf, findCondition } from '../conditions.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

const ReplicaSet = z.object({
  spec: z.object({ replicas: z.number().default(1) }).prefault({}),
  status: z.object({ replicas: z.number().default(0), availableReplicas: z.number().default(0) }).prefault({}),
});

/** Health of an apps/v1 ReplicaSet and of a ReplicationController, which have the same status. */
export const replicaSet: Rule = {
  observes: true,
  evaluate: (object) => {
    const failure = findCondition(conditionsOf(object), 'ReplicaFailure', 'True');
    if (failure) return byCondition('Degraded', failure);
    const { spec, status } = ReplicaSet.parse(object);
    if (status.availableReplicas < spec.replicas)
      return progressing(`${status.availableReplicas} of ${spec.replicas} pods are available`, 'PodsUnavailable');
    if (status.replicas > spec.replicas)
      return progressing(`excess pods remaining: ${status.replicas - spec.replicas}`, 'ExcessPods');
    return healthy();
  },
};
