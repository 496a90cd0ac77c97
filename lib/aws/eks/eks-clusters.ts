import { DriftlessError } from '../../errors.ts';
import { createCluster, type OpenCluster } from '../../kube/cluster.ts';
import type { InvokeWorker } from '../../kube/tunnel/frame.ts';
import { tunnelTo } from '../../kube/tunnel/tunnel.ts';
import type { ClusterDeclaration } from '../../model/configuration.ts';
import { projectUser } from '../../model/project-user.ts';
import { stableHash } from '../../model/stable-hash.ts';
import type { Clusters } from '../../ports/cluster.ts';
import type { InspectedClusters } from '../../ports/inspect.ts';
import { type EksAccessOptions, openEksAccess } from './eks-access.ts';

type EksClustersOptions = EksAccessOptions & {
  readonly declarations: () => Promise<readonly ClusterDeclaration[]>;
  /** Name of the deployer's Kubernetes group, which the users of projects are named after. */
  readonly name: string;
  /** Version of Driftless, for the User-Agent. */
  readonly version: string;
  /** Reaches API servers without a public endpoint; absent where no worker is deployed. */
  readonly worker?: InvokeWorker;
};

type OpenedCluster = { readonly key: string; readonly cluster: Promise<OpenCluster> };

/** The declared EKS clusters; each is opened once, and again after its declaration has changed. */
export function createEksClusters(options: EksClustersOptions): Clusters & InspectedClusters {
  const opened = new Map<string, OpenedCluster>();

  async function openDeclared(declared: ClusterDeclaration): Promise<OpenCluster> {
    const { clock, log, version, worker } = options;
    const { name, eks } = declared;
    if (eks === undefined) throw notHere(name);
    if (eks.private && worker === undefined) throw noWorker(name);
    const access = await openEksAccess(name, eks, options);
    const tunnel = eks.private && worker !== undefined ? { connect: tunnelTo(worker, clock) } : {};
    return createCluster(access, { clock, log: log.bind({ cluster: name }), version, ...tunnel });
  }

  async function openKept(name: string): Promise<OpenCluster> {
    const declared = (await options.declarations()).find((one) => one.name === name);
    if (declared === undefined) throw notDeclared(name);
    const key = stableHash(declared.eks ?? {});
    const known = opened.get(name);
    if (known?.key === key) return known.cluster;
    // What is under way on the old one goes on; its connections end when they are no longer used.
    const cluster = openDeclared(declared);
    opened.set(name, { key, cluster });
    cluster.catch(() => {
      if (opened.get(name)?.cluster === cluster) opened.delete(name);
    });
    return cluster;
  }

  return {
    inspect: openKept,
    open: async (name, project) => {
      const cluster = await openKept(name);
      return project === undefined ? cluster : cluster.as(projectUser(options.name, project.name));
    },
  };
}

function notDeclared(name: string): DriftlessError {
  return new DriftlessError(
    'ClusterNotConfigured',
    `Cluster/${name}: is not declared; add a kind: Cluster of this name`,
  );
}

function notHere(name: string): DriftlessError {
  const remedy = 'a kubeconfig is used by `driftless dev` only; set eks.name and eks.region';
  return new DriftlessError('ClusterNotConfigured', `Cluster/${name}: ${remedy}`);
}

function noWorker(name: string): DriftlessError {
  const remedy =
    'eks.private needs the worker function in its VPC; set private for the cluster in cdk.json, and deploy again';
  return new DriftlessError('ClusterNotConfigured', `Cluster/${name}: ${remedy}`);
}
