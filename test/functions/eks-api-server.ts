// An EKS cluster's API server, as a caller sees it: TLS with the cluster's own authority, and callers who show a presigned request to STS. Behind it is the
// control plane of the tests.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as forward } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { kubeconfigPath } from '../e2e/control-plane-under-test.ts';

export type EksApiServer = {
  readonly endpoint: string;
  /** PEM. */
  readonly ca: string;
  /** Writes that have arrived, `PATCH /api/v1/namespaces/shop/configmaps/a`; dry runs left out. */
  readonly writes: readonly string[];
  /** Called with each write before it is carried out; undefined ends it. */
  onWrite(listener: ((write: string) => void) | undefined): void;
  stop(): Promise<void>;
};

/** Starts it; who signs with this key is an administrator, others are nobody. */
export async function startEksApiServer(accessKeyId: string): Promise<EksApiServer> {
  const access = await readKubeconfig({ path: kubeconfigPath() });
  const folder = dirname(kubeconfigPath());
  const [cert, key] = await Promise.all(['tls.crt', 'tls.key'].map((file) => readFile(join(folder, file), 'utf8')));
  const agent = new Agent({ keepAlive: true, ca: access.caData });
  const writes: string[] = [];
  let listener: ((write: string) => void) | undefined;

  const server = createServer({ cert, key }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isSignedBy(accessKeyId, request.headers.authorization)) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 }));
      return;
    }
    const url = new URL(request.url ?? '/', access.server);
    const { method = 'GET' } = request;
    if (method !== 'GET' && !url.searchParams.has('dryRun')) {
      const write = `${method} ${url.pathname}`;
      writes.push(write);
      listener?.(write);
    }
    const headers = { ...request.headers, ...(await access.auth()), host: url.host };
    const outgoing = forward(url, { method, agent, headers }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
      incoming.on('error', () => response.destroy());
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: access.caData ?? '',
    writes,
    onWrite: (next) => {
      listener = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** A token is a request to STS that names the cluster among what is signed, and whoever has signed it. */
function isSignedBy(accessKeyId: string, authorization: string | undefined): boolean {
  const token = /^Bearer k8s-aws-v1\.([\w-]+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return false;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!URL.canParse(text)) return false;
  const { hostname, searchParams } = new URL(text);
  return (
    /^sts\.[a-z0-9-]+\.amazonaws\.com$/.test(hostname) &&
    searchParams.get('Action') === 'GetCallerIdentity' &&
    searchParams.get('X-Amz-SignedHeaders')?.split(';').includes('x-k8s-aws-id') === true &&
    searchParams.get('X-Amz-Credential')?.startsWith(`${accessKeyId}/`) === true
  );
}
