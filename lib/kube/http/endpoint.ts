// In: how a cluster is reached. Out: the way there that is good now. What may go wrong: the server's certificate authority was replaced, or its
// address was; then access is asked for anew, once for all who meet that together.
import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { Log } from '../../ports/runtime.ts';
import type { Line, OpenLine } from './connection.ts';

export type Route = {
  readonly access: ClusterAccess;
  readonly line: Line;
  /** `https://host:port`. */
  readonly origin: string;
  /** What paths begin with. */
  readonly prefix: string;
};

export type Routes = {
  current(): Route;
  /** Replaces a route that failed, where access has changed; tells whether there is another one now. */
  renew(failed: Route): Promise<boolean>;
  close(): Promise<void>;
};

/** Opens the first route; throws ConfigInvalid where the server's address cannot be used. */
export function createRoutes(
  first: ClusterAccess,
  { openLine, log }: { readonly openLine: OpenLine; readonly log: Log },
): Routes {
  let route = openRoute(first, openLine);
  let renewing: Promise<void> | undefined;

  async function replace(): Promise<void> {
    const { access: old, line, origin } = route;
    try {
      const access = await old.renew?.();
      if (access === undefined || (access.server === old.server && access.caData === old.caData)) return;
      route = openRoute(access, openLine);
      line.retire();
      log.info('the address or certificate authority of the API server has changed', { server: route.origin });
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      log.warn('could not ask for the address of the API server again', { server: origin, code, reason: message });
    }
  }

  return {
    current: () => route,
    renew: async (failed) => {
      if (route !== failed) return true;
      renewing ??= replace().finally(() => {
        renewing = undefined;
      });
      await renewing;
      return route !== failed;
    },
    close: () => route.line.close(),
  };
}

function openRoute(access: ClusterAccess, openLine: OpenLine): Route {
  const { origin, pathname } = serverUrl(access.server);
  return { access, line: openLine(access), origin, prefix: pathname.replace(/\/+$/, '') };
}

function serverUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return url;
  throw new DriftlessError(
    'ConfigInvalid',
    `API server "${server.replace(/\/\/.*@/, '//…@')}": not an https URL; plain http is for this machine only`,
  );
}
