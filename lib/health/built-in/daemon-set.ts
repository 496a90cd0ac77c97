import { z } from 'zod';
import { healthy, progressing, type Rule } from '../rule.ts';

const DaemonSet = z.object({
  spec: z.object({ updateStrategy: z.object({ type: z.string().default('RollingUpdate') }).prefault({}) }).prefault({}),
  status: z
    .object({
      desiredNumberScheduled: z.number().default(0),
      updatedNumberScheduled: z.number().default(0),
      numberAvailable: z.number().default(0),
    })
    .prefault({}),
});

/** Health of an apps/v1 DaemonSet; its status does not show pods that cannot run, see rolloutHealth. */
export const daemonSet: Rule = {
  observes: true,
  evaluate: (object) => {
    const { spec, status } = DaemonSet.parse(object);
    const { desiredNumberScheduled: desired, updatedNumberScheduled: updated, numberAvailable: available } = status;
    if (updated < desired && spec.updateStrategy.type !== 'OnDelete')
      return progressing(`${updated} of ${desired} nodes have the new pod`, 'RollingOut');
    if (available < desired)
      return progressing(`${available} of ${desired} nodes have an available pod`, 'PodsUnavailable');
    return healthy();
  },
};
