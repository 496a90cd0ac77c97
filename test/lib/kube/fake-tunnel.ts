import { createCluster } from '../../../lib/kube/cluster.ts';
import { TunnelRequests, unpackFrame } from '../../../lib/kube/tunnel/frame.ts';
import { tunnelTo } from '../../../lib/kube/tunnel/tunnel.ts';
import { createTunnelWorker } from '../../../lib/kube/tunnel/worker.ts';
import type { ClusterAccess } from '../../../lib/model/cluster-access.ts';
import type { Cluster } from '../../../lib/ports/cluster.ts';
import type { Clock } from '../../../lib/ports/runtime.ts';
import { systemClock } from '../../../lib/runtime/system-clock.ts';
import { type Answer, type FakeApiServer, type Received, startFakeApiServer } from '../../fakes/api-server.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

/** What Lambda takes and gives in one call. */
const LAMBDA_BYTES = 6_291_556;

type Options = {
  readonly access?: Partial<ClusterAccess>;
  /** Of the worker, which is on another machine. */
  readonly workerClock?: Clock;
  /** Called with each message before it reaches the worker. */
  readonly onMessage?: (number: number) => void | Promise<void>;
};

type Tunnel = {
  readonly cluster: Cluster;
  readonly server: FakeApiServer;
  /** How many requests each message to the worker had. */
  readonly messages: readonly number[];
};

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A client, the tunnel with its worker, and the fake API server behind it. */
export async function openTunnel(
  answer: (request: Received, number: number) => Answer,
  { access, workerClock = systemClock, onMessage }: Options = {},
): Promise<Tunnel> {
  const server = await startFakeApiServer(answer);
  const worker = createTunnelWorker({ clock: workerClock, isApiServer: () => true });
  const messages: number[] = [];
  const ask = async (message: object): Promise<unknown> => {
    const sent = overLambda(message);
    messages.push(unpackFrame(sent, TunnelRequests).head.items.length);
    await onMessage?.(messages.length);
    return overLambda(await worker.answer(sent));
  };
  const cluster = createCluster(
    { server: server.url, auth: async () => ({ authorization: 'Bearer token' }), ...access },
    { clock: systemClock, log: new RecordingLog(), version: '1.2.3', connect: tunnelTo(ask, systemClock) },
  );
  opened.push(server, worker, cluster);
  return { cluster, server, messages };
}

function overLambda(message: object): unknown {
  const text = JSON.stringify(message);
  if (text.length > LAMBDA_BYTES) throw new Error(`Lambda does not take ${text.length} bytes`);
  return JSON.parse(text);
}
