import { z } from 'zod';
import { degraded, healthy, progressing, type Rule } from '../rule.ts';

const Collector = z.object({
  spec: z.object({ mode: z.string().default('deployment') }).prefault({}),
  status: z
    .object({
      scale: z
        .object({
          statusReplicas: z
            .string()
            .regex(/^\d+\/\d+$/)
            .optional(),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** Health of an OpenTelemetryCollector by its `2/3`; as a sidecar it is part of other pods. */
export const openTelemetryCollector: Rule = {
  evaluate: (object) => {
    const { spec, status } = Collector.parse(object);
    const { statusReplicas } = status.scale;
    if (spec.mode === 'sidecar') return healthy();
    if (statusReplicas === undefined) return progressing('no status yet', 'NoStatus');
    const [ready = 0, all = 0] = statusReplicas.split('/').map(Number);
    if (ready === all && (all > 0 || spec.mode === 'daemonset')) return healthy();
    const message = `${ready} of ${all} replicas are ready`;
    return ready === 0 ? degraded(message, 'NoReplicaReady') : progressing(message, 'ReplicasNotReady');
  },
};
