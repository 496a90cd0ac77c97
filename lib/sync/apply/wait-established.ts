import { definedKinds } from '../../model/definition.ts';
import { formatRef, type KubeObject } from '../../model/kube-object.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import { type WritePorts, waitWithinStep } from './wait-within-step.ts';

/** One durable step must end within the time that AWS allows a function. */
const MOST_SECONDS = 600;

/** Waits until the API server serves the kinds that these CustomResourceDefinitions define. */
export async function waitEstablished(
  definitions: readonly PlannedObject[],
  ports: WritePorts & { readonly timeoutSeconds: number },
): Promise<void> {
  const deadline = ports.clock.monotonic() + 1000 * Math.min(ports.timeoutSeconds, MOST_SECONDS);
  const remaining = (): number => Math.max(0, deadline - ports.clock.monotonic());
  for (const { kind, id, object } of definitions) {
    await waitWithinStep(remaining(), ports, async () => {
      const live = await ports.cluster.get(kind, id);
      return live !== undefined && isEstablished(live) ? undefined : `${formatRef(id)} is not established`;
    });
    for (const defined of definedKinds(object)) {
      await waitWithinStep(remaining(), ports, async () => {
        const served = await ports.cluster.kind(`${defined.group}/${defined.version}`, defined.kind);
        return served === undefined ? `${defined.kind} of ${formatRef(id)} is not served` : undefined;
      });
    }
  }
}

function isEstablished({ status }: KubeObject): boolean {
  if (typeof status !== 'object' || status === null || !('conditions' in status) || !Array.isArray(status.conditions))
    return false;
  return status.conditions.some((condition) => condition?.type === 'Established' && condition.status === 'True');
}
