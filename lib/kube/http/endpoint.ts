// In: how a cluster is reached. Out: the endpoint that is valid now. What may go wrong: the server's certificate authority or its address was
// replaced; then access is requested again, once for all requests that fail together.
import { singleFlight } from '../../async/single-flight.ts';
import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { Log } from '../../ports/runtime.ts';
import type { Connect, Connection } from './connection.ts';

export type Endpoint = {
  readonly access: ClusterAccess;
  readonly connection: Connection;
  /** `https://host:port`. */
  readonly origin: string;
  /** The prefix of every path. */
  readonly prefix: string;
};

export type Endpoints = {
  current(): Endpoint;
  /** Replaces an endpoint that failed, if access has changed; returns whether the current one is another. */
  renew(failed: Endpoint): Promise<boolean>;
  close(): Promise<void>;
};

/** Opens the first endpoint; throws ConfigInvalid where the server's address cannot be used. */
export function createEndpoints(
  first: ClusterAccess,
  { connect, log }: { readonly connect: Connect; readonly log: Log },
): Endpoints {
  let endpoint = openEndpoint(first, connect);
  const replaceOnce = singleFlight<void>();

  async function replace(): Promise<void> {
    const { access: old, connection, origin } = endpoint;
    try {
      const access = await old.renew?.();
      if (access === undefined || (access.server === old.server && access.caData === old.caData)) return;
      endpoint = openEndpoint(access, connect);
      connection.retire();
      log.info('the address or certificate authority of the API server has changed', { server: endpoint.origin });
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      log.warn('could not refresh the address of the API server', { server: origin, code, reason: message });
    }
  }

  return {
    current: () => endpoint,
    renew: async (failed) => {
      if (endpoint !== failed) return true;
      await replaceOnce('', replace);
      return endpoint !== failed;
    },
    close: () => endpoint.connection.close(),
  };
}

function openEndpoint(access: ClusterAccess, connect: Connect): Endpoint {
  const { origin, pathname } = serverUrl(access.server);
  return { access, connection: connect(access), origin, prefix: pathname.replace(/\/+$/, '') };
}

function serverUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return url;
  throw new DriftlessError(
    'ConfigInvalid',
    `API server "${server.replace(/\/\/.*@/, '//…@')}": not an https URL; plain http is allowed for this machine only`,
  );
}
