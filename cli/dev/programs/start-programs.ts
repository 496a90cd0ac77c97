// The programs that a deployer on this machine starts for itself: the DynamoDB emulator and the embedded cluster. Each that ends by itself is started again.
import { dirname, join } from 'node:path';
import { type ControlPlane, startControlPlane } from '../../../dev/control-plane.ts';
import { createTable, dynamoDbClient, startDynamoDb } from '../../../dev/dynamodb.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import type { Cluster } from '../../../lib/ports/cluster.ts';
import { projectRights } from '../../../lib/projects/project-rights.ts';
import { DEPLOYER } from '../settings.ts';
import type { Outages } from './outages.ts';

type OnStop = (end: () => Promise<void>) => void;

type TableOptions = { readonly stateDir: string; readonly dynamoDbEndpoint?: string; readonly table: string };

type Kept = { readonly outages: Outages; readonly onStop: OnStop };

/** A table in an emulator that keeps its data in the state folder, or in one that is given. */
export async function openTable({ stateDir, dynamoDbEndpoint, table }: TableOptions, { outages, onStop }: Kept) {
  const dynamoDb = await startDynamoDb({
    dir: join(stateDir, 'dynamodb'),
    ...(dynamoDbEndpoint && { endpoint: dynamoDbEndpoint }),
  });
  onStop(outages.keep(dynamoDb, { name: 'DynamoDB emulator', code: 'StateUnavailable', again: dynamoDb.again }).stop);
  const client = dynamoDbClient(dynamoDb.endpoint);
  await createTable(client, table);
  return client;
}

/** The embedded cluster. Its data ends with it: one that is started again is a new one, at the same place. */
export type Embedded = {
  readonly current: () => ControlPlane;
  /** What is done with a new one before requests are answered again. */
  readonly onBack: (work: () => Promise<void>) => void;
};

/** Starts the embedded cluster. */
export async function startEmbedded(outages: Outages, onStop: OnStop): Promise<Embedded> {
  let current = await startControlPlane();
  let settle = async (): Promise<void> => undefined;
  const dir = dirname(current.kubeconfigPath);
  const kept = outages.keep(current, {
    name: 'control plane',
    code: 'ApiServerUnreachable',
    again: () => startControlPlane({ dir }),
    back: async (next) => {
      current = next;
      await settle();
    },
  });
  onStop(kept.stop);
  return {
    current: () => current,
    onBack: (work) => {
      settle = work;
    },
  };
}

/** On the embedded control plane only this call gives the users of projects their rights. Those in a namespace come with the first write there. */
export async function grantProjects(projects: readonly Project[], cluster: Cluster): Promise<void> {
  for (const object of projects.flatMap((project) => projectRights(project, DEPLOYER, 'local'))) {
    const kind =
      object.metadata.namespace === undefined ? await cluster.kind(object.apiVersion, object.kind) : undefined;
    if (kind !== undefined) await cluster.apply(kind, object, { force: true });
  }
}
