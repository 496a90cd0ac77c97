import { createEksClusters } from '../../../lib/aws/eks/eks-clusters.ts';
import type { ClusterDeclaration } from '../../../lib/model/configuration.ts';
import type { Clusters } from '../../../lib/ports/cluster.ts';
import type { FakeAws } from '../../fakes/aws/fake-aws.ts';
import { LeapingClock } from '../../fakes/leaping-clock.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';
import { authority, type EksApiServer, startEksApiServer } from './eks-api-server.ts';
import { startAccount } from './fake-account.ts';

type World = {
  readonly aws: FakeAws;
  readonly server: EksApiServer;
  readonly clusters: Clusters;
  readonly clock: LeapingClock;
  readonly log: RecordingLog;
  /** What is declared; a test may change it. */
  readonly declared: ClusterDeclaration[];
};

export const PROD: ClusterDeclaration = { name: 'prod', eks: { name: 'prod-eks', region: 'eu-central-1' } };

const servers: EksApiServer[] = [];

afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
});

/** An account with one cluster, `prod-eks`, whose API server runs. */
export async function startEksWorld(
  options: Partial<Pick<Parameters<typeof createEksClusters>[0], 'worker' | 'credentials'>> = {},
): Promise<World> {
  const aws = await startAccount();
  const server = await startEksApiServer();
  servers.push(server);
  aws.clusters.set('prod-eks', { endpoint: server.url, ca: authority('old') });
  const declared = [PROD];
  const clock = new LeapingClock();
  const log = new RecordingLog();
  const clusters = createEksClusters({
    declarations: async () => declared,
    clock,
    log,
    name: 'driftless',
    version: '1.2.3',
    credentials: async () => ({ accessKeyId: 'function', secretAccessKey: 'key' }),
    endpoints: { eks: aws.endpoint, sts: aws.endpoint },
    ...options,
  });
  return { aws, server, clusters, clock, log, declared };
}

const NAMESPACE = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** Asks a cluster for something. */
export async function look(clusters: Clusters, name = 'prod'): Promise<string | undefined> {
  const cluster = await clusters.open(name);
  const found = await cluster.get(NAMESPACE, { group: '', kind: 'Namespace', name: 'shop' });
  return found?.metadata.name;
}

/** The signed request that a bearer token is. */
export function signedUrl(authorization = ''): URL {
  return new URL(Buffer.from(authorization.replace('Bearer k8s-aws-v1.', ''), 'base64url').toString());
}
