// In: the user's own kubeconfig. Out: how its cluster is reached, and as whom. What may go wrong: a file or a context that is not there, a
// plugin that is not installed. Plugins run, since the file is the user's; a kubeconfig that comes out of Git never gets here.
import { delimiter } from 'node:path';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import { type Entries, type Environment, kubeconfigPaths, loadEntries } from './file.ts';
import { kubeconfigProblem } from './problem.ts';
import { type Chosen, type Credentials, credentialsOf } from './user.ts';

export type KubeconfigSource = {
  /** A file, or several as in KUBECONFIG; by default KUBECONFIG, then ~/.kube/config. */
  readonly path?: string;
  /** The text itself, instead of a file. */
  readonly text?: string;
  /** Name of a context; by default the current one. */
  readonly context?: string;
};

type Host = { readonly environment?: Environment; readonly now?: () => number };

/** How long headers are used without asking the kubeconfig's plugins or files again. */
const KEPT_MS = 60_000;
/** Requests that are refused together share one renewal. */
const SHARED_MS = 2_000;

/** Reads a kubeconfig; throws UsageInvalid or PrerequisiteMissing with what is wrong in it. */
export async function readKubeconfig(
  source: KubeconfigSource,
  { environment = process.env, now = Date.now }: Host = {},
): Promise<ClusterAccess> {
  const paths = source.text === undefined ? kubeconfigPaths(source.path, environment) : [];
  const open = () => choose(loadEntries(paths, source.text), source.context, paths.join(delimiter));
  const chosen = open();
  const { server, tlsServerName, skipTLSVerify, proxyUrl } = chosen.cluster;
  if (proxyUrl)
    throw kubeconfigProblem(chosen.name, `proxy-url "${proxyUrl}" is not supported; reach the cluster directly`);
  const credentials = credentialsOf(chosen);
  const first = await credentials();
  return {
    server,
    ...(first.caData !== undefined && { caData: first.caData }),
    ...(first.clientCert !== undefined && { clientCert: first.clientCert }),
    ...(tlsServerName && { tlsServerName }),
    ...(skipTLSVerify && server.startsWith('https:') && { insecureSkipTlsVerify: true }),
    auth: cachedHeaders({ first, credentials }, () => credentialsOf(open()), now),
  };
}

type Held = { readonly first: Credentials; readonly credentials: () => Promise<Credentials> };

/** Headers that are renewed after a while; after a refusal, from the kubeconfig read again. */
function cachedHeaders(
  { first, credentials }: Held,
  reopen: () => () => Promise<Credentials>,
  now: () => number,
): ClusterAccess['auth'] {
  let ask = credentials;
  let current = { at: now(), credentials: Promise.resolve(first) };
  const renew = async (refresh: boolean): Promise<Credentials> => {
    // Plugins cache their tokens; reading the configuration again drops that cache.
    if (refresh) ask = reopen();
    return ask();
  };
  return async ({ refresh = false } = {}) => {
    const age = now() - current.at;
    if (age > (refresh ? SHARED_MS : KEPT_MS)) {
      current = { at: now(), credentials: renew(refresh) };
      current.credentials.catch(() => {
        current.at = Number.NEGATIVE_INFINITY;
      });
    }
    return (await current.credentials).headers;
  };
}

function choose(entries: Entries, wanted: string | undefined, name: string): Chosen {
  const currentContext = wanted ?? entries.currentContext;
  const known = entries.contexts.map((context) => context.name).sort();
  const listed = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  if (currentContext === '')
    throw kubeconfigProblem(name, `there is no current context; name one with --context: ${listed}`);
  const context = entries.contexts.find((one) => one.name === currentContext);
  if (context === undefined) throw kubeconfigProblem(name, `context "${currentContext}" does not exist; ${listed}`);
  const cluster = entries.clusters.find((one) => one.name === context.cluster);
  if (cluster === undefined)
    throw kubeconfigProblem(name, `context "${currentContext}": cluster "${context.cluster}" is not defined`);
  const user = entries.users.find((one) => one.name === context.user);
  if (user === undefined)
    throw kubeconfigProblem(name, `context "${currentContext}": user "${context.user}" is not defined`);
  return { name, context, cluster, user };
}
