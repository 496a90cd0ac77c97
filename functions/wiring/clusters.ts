import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createEksClusters } from '../../lib/aws/eks/eks-clusters.ts';
import { createLambdaWorker } from '../../lib/aws/lambda/lambda-worker.ts';
import type { Clusters } from '../../lib/ports/cluster.ts';
import type { ConfigStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { log, VERSION } from './lambda.ts';

type ClusterSettings = { readonly name: string; readonly region: string; readonly workerFunction?: string };

/** The clusters of the configuration; private ones through the worker in their network. */
export function openClusters(
  { name, region, workerFunction }: ClusterSettings,
  { config, lambda }: { readonly config: ConfigStore; readonly lambda: LambdaClient },
): Clusters {
  return createEksClusters({
    declarations: async () => (await config.current())?.config.clusters ?? [],
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
