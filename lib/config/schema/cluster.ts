import { z } from 'zod';
import { AWS_REGION } from '../../model/aws-region.ts';
import type { ClusterDeclaration } from '../../model/configuration.ts';
import { LOCAL_CLUSTER } from './application.ts';
import { dnsLabel, document, line, quote } from './fields.ts';
import { customizations, healthRules, rulesIn } from './health.ts';

const eks = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9][\w-]{0,99}$/, {
    error: ({ input }) =>
      `${quote(input)} is not the name of an EKS cluster; write at most 100 letters, digits, dashes and underscores`,
  }),
  region: z.string().regex(AWS_REGION, {
    error: ({ input }) => `${quote(input)} is not an AWS region; write for example eu-central-1`,
  }),
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, {
      error: ({ input }) => `${quote(input)} is not the ARN of a role; write arn:aws:iam::<account>:role/<name>`,
    })
    .exactOptional(),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, { error: 'is not an external id; write 2 to 1224 letters, digits and +=,.@:/-_' })
    .exactOptional(),
  private: z.boolean().exactOptional(),
});

const UNREACHABLE = 'does not say how to reach the cluster; write either kubeconfig or eks';

const spec = z
  .strictObject({
    kubeconfig: z.strictObject({ context: line(253) }).exactOptional(),
    eks: eks.exactOptional(),
    health: healthRules.exactOptional(),
    resourceCustomizations: customizations.exactOptional(),
  })
  .superRefine(
    (value, context) => {
      const ways = ['kubeconfig', 'eks'].filter((way) => way in value).length;
      const hasRules = 'health' in value || 'resourceCustomizations' in value;
      if (ways === 1 || (ways === 0 && hasRules)) return;
      context.addIssue({ code: 'custom', message: UNREACHABLE });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({
    oneOf: [
      { required: ['kubeconfig'] },
      { required: ['eks'] },
      {
        not: { anyOf: [{ required: ['kubeconfig'] }, { required: ['eks'] }] },
        anyOf: [{ required: ['health'] }, { required: ['resourceCustomizations'] }],
      },
    ],
  });

/** `kind: Cluster`: how a cluster is reached, and how its objects are judged. */
export const cluster: z.ZodType<ClusterDeclaration> = document('Cluster', dnsLabel(63), spec)
  .superRefine(({ metadata, spec: { kubeconfig, eks: target, health, resourceCustomizations } }, context) => {
    const hasOnlyRules = !kubeconfig && !target && (health !== undefined || resourceCustomizations !== undefined);
    if (hasOnlyRules && metadata.name !== LOCAL_CLUSTER)
      context.addIssue({ code: 'custom', path: ['spec'], message: UNREACHABLE });
  })
  .transform(({ metadata, spec: { health = [], resourceCustomizations = {}, ...target } }) => {
    const rules = [...health, ...rulesIn(resourceCustomizations)];
    return { name: metadata.name, ...target, ...(rules.length > 0 && { health: rules }) };
  });
