import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

type Authority = 'old' | 'new';

/** An API server of EKS as far as these tests go: it has an authority that may be replaced, and answers every request for an object. */
export type EksApiServer = {
  readonly url: string;
  /** Bearer tokens, in the order in which they came. */
  readonly tokens: string[];
  /** Statuses that the next requests get instead of an object. */
  readonly statuses: number[];
  /** Shows a certificate of another authority from the next connection on, and ends those that are open. */
  rotate(authority: Authority): void;
  close(): Promise<void>;
};

/** The certificate authority's certificate. */
export function authority(which: Authority): string {
  return pem(`authority-${which}.crt`);
}

/** Starts it on this machine, with the old authority. */
export async function startEksApiServer(): Promise<EksApiServer> {
  const tokens: string[] = [];
  const statuses: number[] = [];
  const server: Server = createServer(contextOf('old'), (request, response) => {
    tokens.push(String(request.headers.authorization));
    const name = request.url?.split('/').at(-1);
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(object));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    statuses,
    rotate: (which) => {
      server.setSecureContext(contextOf(which));
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function contextOf(which: Authority) {
  return { cert: authority(which), key: pem(`authority-${which}.key`) };
}

function pem(file: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${file}`, import.meta.url), 'utf8');
}
