import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { healthy, progressing, type Rule } from '../rule.ts';

const Balanced = z.object({
  spec: z.object({ type: z.string().default('ClusterIP'), externalIPs: z.array(z.unknown()).default([]) }).prefault({}),
  status: z.object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).default([]) }).prefault({}) }).prefault({}),
});

/** Health of a v1 Service: one of type LoadBalancer waits for its address, unless its specification has some; the others are Healthy. */
export const service: Rule = {
  evaluate: (object) => {
    const { type, externalIPs } = Balanced.parse(object).spec;
    return type === 'LoadBalancer' && externalIPs.length === 0 ? addressHealth(object) : healthy();
  },
};

/** Health of an Ingress: it waits for the address that its controller gives it. */
export const ingress: Rule = { evaluate: addressHealth };

function addressHealth(object: KubeObject): Health {
  const { status } = Balanced.parse(object);
  return status.loadBalancer.ingress.length > 0 ? healthy() : progressing('no load balancer address yet', 'NoAddress');
}
