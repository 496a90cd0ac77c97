// In: a context whose values are all well-formed. Out: the contradictions between them, each with a remedy.
import type { Settings } from './context.ts';
import { isOwnRegion, targetOf } from './targets.ts';

type Rule = (settings: Settings) => readonly string[];

const RULES: readonly Rule[] = [
  ({ clusters }) =>
    twice(clusters.map((one) => `${targetOf(one)} ${one.name}`)).map(
      (index) => `driftless.clusters[${index}].name: is declared twice for the same account and region; remove one`,
    ),
  (settings) =>
    settings.account === undefined && settings.clusters.some((one) => !isOwnRegion(settings, one))
      ? ['driftless.account: is missing; clusters in other accounts or regions need the account of the deployer']
      : [],
  ({ clusters }) =>
    each(clusters, (one) =>
      one.roleArn !== undefined && one.externalId === undefined
        ? 'externalId: is missing; a role in another account requires one, write a random text'
        : undefined,
    ),
  ({ clusters }) =>
    each(clusters, (one) =>
      one.roleArn === undefined && one.externalId !== undefined
        ? 'externalId: has no effect without roleArn; remove it'
        : undefined,
    ),
  ({ clusters }) =>
    each(clusters, (one) =>
      clusters.some(({ roleArn, region }) => roleArn !== undefined && roleArn === one.roleArn && region < one.region)
        ? 'roleArn: is used in another region too, whose stack creates it; use a separate role for each region'
        : undefined,
    ),
  ({ clusters }) =>
    each(clusters, (one) =>
      clusters.some(
        ({ roleArn, externalId }) => roleArn !== undefined && roleArn === one.roleArn && externalId !== one.externalId,
      )
        ? 'externalId: differs from that of another cluster with this role; write the same'
        : undefined,
    ),
  ({ account, clusters }) =>
    each(clusters, (one) =>
      one.roleArn !== undefined && account !== undefined && targetOf(one).startsWith(account)
        ? "roleArn: is in the deployer's own account, which needs no role; remove it"
        : undefined,
    ),
  ({ clusters, worker }) =>
    clusters.some((one) => one.private) && worker === undefined
      ? [
          'driftless.worker: is missing; private clusters are reached through it, write vpc, availabilityZones and subnets',
        ]
      : [],
  ({ clusters, worker }) =>
    worker !== undefined && !clusters.some((one) => one.private)
      ? ['driftless.worker: has no effect without a private cluster; remove it, or set private on a cluster']
      : [],
  (settings) =>
    each(settings.clusters, (one) =>
      one.securityGroup !== undefined && !(one.private && isOwnRegion(settings, one))
        ? 'securityGroup: is for the worker, which reaches private clusters in the region of the deployer only; remove it'
        : undefined,
    ),
  (settings) =>
    each(settings.clusters, (one) =>
      one.auditLog && !isOwnRegion(settings, one)
        ? 'auditLog: works in the account and region of the deployer only; remove it'
        : undefined,
    ),
];

/** Values that contradict each other, or that are missing beside others. */
export function clashes(settings: Settings): readonly string[] {
  return RULES.flatMap((rule) => rule(settings));
}

function each<T>(list: readonly T[], tell: (one: T) => string | undefined): readonly string[] {
  return list.flatMap((one, index) => {
    const problem = tell(one);
    return problem === undefined ? [] : [`driftless.clusters[${index}].${problem}`];
  });
}

function twice(list: readonly string[]): readonly number[] {
  return list.flatMap((one, index) => (list.indexOf(one) < index ? [index] : []));
}
