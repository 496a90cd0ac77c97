import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createEksClusters } from '../../lib/aws/eks/eks-clusters.ts';
import { createLambdaWorker } from '../../lib/aws/lambda/lambda-worker.ts';
import { readerRole } from '../../lib/config/env-names.ts';
import type { ClusterDeclaration } from '../../lib/model/configuration.ts';
import type { Clusters } from '../../lib/ports/cluster.ts';
import type { InspectedClusters } from '../../lib/ports/inspect.ts';
import type { ConfigStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { log, VERSION } from './lambda.ts';

type ClusterSettings = { readonly name: string; readonly region: string; readonly workerFunction?: string };

type Ports = { readonly config: ConfigStore; readonly lambda: LambdaClient };

/** The clusters of the configuration; private ones through the worker in their network. */
export function openClusters(settings: ClusterSettings, ports: Ports): Clusters {
  return clustersAs((declared) => declared, settings, ports);
}

/** The same for a reader; in other accounts it assumes a role of its own. */
export function openReaderClusters(settings: ClusterSettings, ports: Ports): Clusters & InspectedClusters {
  return clustersAs(asReader, settings, ports);
}

function asReader({ eks, ...declared }: ClusterDeclaration): ClusterDeclaration {
  if (eks === undefined) return declared;
  const { roleArn } = eks;
  return { ...declared, eks: { ...eks, ...(roleArn !== undefined && { roleArn: readerRole(roleArn) }) } };
}

function clustersAs(
  as: (declared: ClusterDeclaration) => ClusterDeclaration,
  { name, region, workerFunction }: ClusterSettings,
  { config, lambda }: Ports,
): Clusters & InspectedClusters {
  return createEksClusters({
    declarations: async () => ((await config.current())?.config.clusters ?? []).map(as),
    name,
    region,
    clock: systemClock,
    log,
    version: VERSION,
    ...(workerFunction !== undefined && {
      worker: createLambdaWorker({ client: lambda, functionName: workerFunction }),
    }),
  });
}
