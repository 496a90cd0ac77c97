// What the API server denies the deployer's group beyond what RBAC can say.
import type { RightsObject } from './rbac-object.ts';

type Denial = {
  readonly name: string;
  /** Of which requests: `matchConstraints` of a ValidatingAdmissionPolicy. */
  readonly matched: object;
  /** Only those for which this is true, in CEL. */
  readonly where?: string;
  /** What is permitted all the same, in CEL. */
  readonly unless: string;
  readonly message: string;
};

/** A policy that says no to requests of a group. Policies are exempt from each other: only who may write them in RBAC can take them away. */
export function denial(group: string, { name, matched, where, unless, message }: Denial): readonly RightsObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const conditions = { group: `request.userInfo.groups.exists(g, g == '${group}')`, where };
  const matchConditions = Object.entries(conditions).flatMap(([condition, expression]) =>
    expression === undefined ? [] : [{ name: condition, expression }],
  );
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: matched,
        matchConditions,
        validations: [{ expression: unless, message }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}
