import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import { notObserved } from '../conditions.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

const StatefulSet = z.object({
  spec: z
    .object({
      replicas: z.number().default(1),
      minReadySeconds: z.number().default(0),
      updateStrategy: z
        .object({
          type: z.string().default('RollingUpdate'),
          rollingUpdate: z.object({ partition: z.number().optional() }).prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      currentRevision: z.string().default(''),
      updateRevision: z.string().default(''),
    })
    .prefault({}),
});

type Parsed = z.infer<typeof StatefulSet>;

/** Health of an apps/v1 StatefulSet; its status does not show pods that cannot run, see rolloutHealth. */
export const statefulSet: Rule = {
  observes: true,
  evaluate: (object) => {
    const parsed = StatefulSet.parse(object);
    if (parsed.status.observedGeneration === 0) return notObserved;
    return unfinished(parsed) ?? (parsed.spec.updateStrategy.type === 'OnDelete' ? healthy() : rollingUpdate(parsed));
  },
};

function unfinished({ spec, status }: Parsed): Health | undefined {
  if (status.readyReplicas < spec.replicas)
    return progressing(`${status.readyReplicas} of ${spec.replicas} pods are ready`, 'PodsNotReady');
  if (spec.minReadySeconds > 0 && status.availableReplicas < spec.replicas)
    return progressing(
      `${status.availableReplicas} of ${spec.replicas} pods have been ready for minReadySeconds`,
      'PodsUnavailable',
    );
  if (status.replicas > spec.replicas)
    return progressing(`excess pods remaining: ${status.replicas - spec.replicas}`, 'ExcessPods');
  return undefined;
}

function rollingUpdate({ spec, status }: Parsed): Health {
  const { partition } = spec.updateStrategy.rollingUpdate;
  const wanted = spec.replicas - (partition ?? 0);
  const updated = status.updatedReplicas;
  if (partition !== undefined) return updated < wanted ? rollingOut(updated, wanted) : healthy();
  if (status.updateRevision === status.currentRevision) return healthy();
  return rollingOut(updated, wanted);
}

function rollingOut(updated: number, wanted: number): Health {
  return progressing(`${updated} of ${wanted} pods have the new revision`, 'RollingOut');
}
