import { z } from 'zod';
import { conditionsOf, explain, findCondition } from '../conditions.ts';
import { degraded, healthy, progressing, type Rule } from '../rule.ts';

const ReplicaSet = z.object({
  spec: z.object({ replicas: z.number().default(1) }).prefault({}),
  status: z.object({ replicas: z.number().default(0), availableReplicas: z.number().default(0) }).prefault({}),
});

/** Health of an apps/v1 ReplicaSet and of a ReplicationController, which have the same status. */
export const replicaSet: Rule = {
  observes: true,
  evaluate: (object) => {
    const failure = findCondition(conditionsOf(object), 'ReplicaFailure', 'True');
    if (failure) return degraded(explain(failure));
    const { spec, status } = ReplicaSet.parse(object);
    if (status.availableReplicas < spec.replicas)
      return progressing(`${status.availableReplicas} of ${spec.replicas} pods are available`);
    if (status.replicas > spec.replicas)
      return progressing(`excess pods remaining: ${status.replicas - spec.replicas}`);
    return healthy();
  },
};
