import { DriftlessError } from '../../errors.ts';
import { createCluster } from '../../kube/cluster.ts';
import type { AskWorker } from '../../kube/tunnel/frame.ts';
import { tunnelTo } from '../../kube/tunnel/tunnel.ts';
import type { ClusterDeclaration } from '../../model/configuration.ts';
import { stableHash } from '../../model/stable-hash.ts';
import type { Cluster, Clusters } from '../../ports/cluster.ts';
import { type EksAccessOptions, openEksAccess } from './eks-access.ts';

type EksClustersOptions = EksAccessOptions & {
  readonly declarations: () => Promise<readonly ClusterDeclaration[]>;
  /** Version of Driftless, for the User-Agent. */
  readonly version: string;
  /** Reaches API servers without a public endpoint; absent where no worker is deployed. */
  readonly worker?: AskWorker;
};

type Open = { readonly key: string; readonly cluster: Promise<Cluster & { close(): Promise<void> }> };

/** The declared EKS clusters; each is opened once and kept, and opened anew when it is declared differently. */
export function createEksClusters(options: EksClustersOptions): Clusters {
  const opened = new Map<string, Open>();

  async function openAs(declared: ClusterDeclaration): Promise<Cluster & { close(): Promise<void> }> {
    const { clock, log, version, worker } = options;
    const { name, eks } = declared;
    if (eks === undefined) throw notHere(name);
    if (eks.private && worker === undefined) throw noWorker(name);
    const access = await openEksAccess(name, eks, options);
    const line = eks.private && worker !== undefined ? { openLine: tunnelTo(worker, clock) } : {};
    return createCluster(access, { clock, log: log.bind({ cluster: name }), version, ...line });
  }

  return {
    open: async (name) => {
      const declared = (await options.declarations()).find((one) => one.name === name);
      if (declared === undefined) throw notDeclared(name);
      const key = stableHash(declared);
      const known = opened.get(name);
      if (known?.key === key) return known.cluster;
      // What is under way on the old one goes on; its connections end when nobody uses them.
      const cluster = openAs(declared);
      opened.set(name, { key, cluster });
      cluster.catch(() => {
        if (opened.get(name)?.cluster === cluster) opened.delete(name);
      });
      return cluster;
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
  const remedy = 'a kubeconfig is read on a laptop only; give it eks.name and eks.region';
  return new DriftlessError('ClusterNotConfigured', `Cluster/${name}: ${remedy}`);
}

function noWorker(name: string): DriftlessError {
  const remedy =
    'eks.private needs the worker function in its VPC; name the cluster as private in cdk.json and deploy again';
  return new DriftlessError('ClusterNotConfigured', `Cluster/${name}: ${remedy}`);
}
