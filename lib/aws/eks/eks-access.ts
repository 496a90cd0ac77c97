// In: a declared EKS cluster. Out: address and credentials for its API server. What may go wrong: no such cluster exists (ClusterNotConfigured),
// the role may not describe it (AwsAccessDenied), it is being created (ApiServerUnreachable).
import { type Cluster, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { STSClient } from '@aws-sdk/client-sts';
import { DriftlessError } from '../../errors.ts';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { ClusterDeclaration } from '../../model/configuration.ts';
import type { Clock, Log } from '../../ports/runtime.ts';
import { awsFailure } from '../aws-failure.ts';
import { clientOptions } from '../client-options.ts';
import { createAssumedRole } from './assumed-role.ts';
import { type AwsCredentials, createEksToken } from './eks-token.ts';

export type EksAccessOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** The function's own; by default those that the SDK finds in its environment. */
  readonly credentials?: () => Promise<AwsCredentials>;
  /** The region in which roles are assumed; by default the cluster's. */
  readonly region?: string;
  /** Addresses that replace those of the services. */
  readonly endpoints?: { readonly eks?: string; readonly sts?: string };
};

export type EksDeclaration = NonNullable<ClusterDeclaration['eks']>;

type Described = Pick<ClusterAccess, 'server' | 'caData'>;

/** An access entry takes some seconds to reach every API server of a cluster. */
const UNKNOWN_FOR_MS = 15_000;
/** Requests that fail with the old certificate authority cause one description. */
const DESCRIBE_AGAIN_MS = 10_000;

/** Opens an EKS cluster: its address and certificate authority are described once, and again when they are no longer valid. */
export async function openEksAccess(
  name: string,
  eks: EksDeclaration,
  options: EksAccessOptions,
): Promise<ClusterAccess> {
  const { clock } = options;
  const client = eksClient(eks, options);
  const token = createEksToken({
    cluster: eks.name,
    region: eks.region,
    credentials: client.config.credentials,
    clock,
  });
  const describeCluster = () => describe(`Cluster/${name}`, { client, eks, log: options.log });
  let described = await describeCluster();
  let describedAt = clock.monotonic();

  const accessOf = (known: Described): ClusterAccess => ({
    ...known,
    auth: async (options) => ({ authorization: `Bearer ${await token(options)}` }),
    renew,
    unknownForMs: UNKNOWN_FOR_MS,
  });

  async function renew(): Promise<ClusterAccess> {
    if (clock.monotonic() - describedAt >= DESCRIBE_AGAIN_MS) {
      describedAt = clock.monotonic();
      described = await describeCluster();
    }
    return accessOf(described);
  }

  return accessOf(described);
}

function eksClient({ name, region, roleArn, externalId }: EksDeclaration, options: EksAccessOptions): EKSClient {
  const { endpoints = {} } = options;
  const own = options.credentials === undefined ? {} : { credentials: options.credentials };
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  const common = { ...clientOptions(), ...own };
  const eks = { ...common, region, ...at(endpoints.eks) };
  if (roleArn === undefined) return new EKSClient(eks);
  const client = new STSClient({ ...common, region: options.region ?? region, ...at(endpoints.sts) });
  const sessionName = `driftless-${name}`;
  return new EKSClient({ ...eks, credentials: createAssumedRole({ client, roleArn, externalId, sessionName }) });
}

async function describe(
  subject: string,
  { client, eks, log }: { readonly client: EKSClient; readonly eks: EksDeclaration; readonly log: Log },
): Promise<Described> {
  const where = `${subject}: EKS cluster "${eks.name}" in ${eks.region}`;
  const { cluster } = await client.send(new DescribeClusterCommand({ name: eks.name })).catch((thrown: unknown) => {
    throw awsFailure(where, thrown, { missing: 'ClusterNotConfigured' });
  });
  const { endpoint, certificateAuthority, status } = cluster ?? {};
  if (endpoint === undefined || certificateAuthority?.data === undefined)
    throw new DriftlessError('ApiServerUnreachable', `${where}: is ${status ?? 'unknown'} and has no endpoint yet`);
  if (isPrivate(cluster) && eks.private !== true)
    log.warn('the API server has no public endpoint; declare the cluster with eks.private', { cluster: eks.name });
  return { server: endpoint, caData: Buffer.from(certificateAuthority.data, 'base64').toString('utf8') };
}

function isPrivate(cluster: Cluster | undefined): boolean {
  return cluster?.resourcesVpcConfig?.endpointPublicAccess === false;
}
