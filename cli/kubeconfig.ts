// In: the user's own kubeconfig. Out: how its cluster is reached, and as whom. What may go wrong: a file or a context that is not there, a
// plugin that is not installed. Plugins run, since the file is the user's; a kubeconfig that comes out of Git never gets here.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Cluster, Context, KubeConfig, User } from '@kubernetes/client-node';
import { DriftlessError, type ErrorCode } from '../lib/errors.ts';
import type { ClusterAccess } from '../lib/model/cluster-access.ts';

export type KubeconfigSource = {
  /** A file, or several as in KUBECONFIG; by default KUBECONFIG, then ~/.kube/config. */
  readonly path?: string;
  /** The text itself, instead of a file. */
  readonly text?: string;
  /** Name of a context; by default the current one. */
  readonly context?: string;
};

type Environment = Readonly<Record<string, string | undefined>>;
type Host = { readonly environment?: Environment; readonly now?: () => number };
type Entries = { clusters: Cluster[]; users: User[]; contexts: Context[]; currentContext: string };
type Credentials = Pick<ClusterAccess, 'caData' | 'clientCert'> & {
  readonly headers: Readonly<Record<string, string>>;
};
type Chosen = { readonly name: string; readonly cluster: Cluster; readonly config: KubeConfig };

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
  const load = async () => choose(await loadEntries(paths, source.text), source.context, paths.join(delimiter));
  const chosen = await load();
  const { server, tlsServerName, skipTLSVerify, proxyUrl } = chosen.cluster;
  if (proxyUrl) throw problem(chosen.name, `proxy-url "${proxyUrl}" is not supported; reach the cluster directly`);
  const first = await credentialsOf(chosen);
  return {
    server,
    ...(first.caData !== undefined && { caData: first.caData }),
    ...(first.clientCert !== undefined && { clientCert: first.clientCert }),
    ...(tlsServerName && { tlsServerName }),
    ...(skipTLSVerify && server.startsWith('https:') && { insecureSkipTlsVerify: true }),
    auth: cachedHeaders({ credentials: first, chosen }, load, now),
  };
}

function cachedHeaders(
  first: { readonly credentials: Credentials; readonly chosen: Chosen },
  load: () => Promise<Chosen>,
  now: () => number,
): ClusterAccess['auth'] {
  let current = { at: now(), credentials: Promise.resolve(first.credentials) };
  let loaded = Promise.resolve(first.chosen);
  return async ({ refresh = false } = {}) => {
    const age = now() - current.at;
    if (age > (refresh ? SHARED_MS : KEPT_MS)) {
      // Plugins remember their tokens; a configuration that is loaded anew has no memory.
      if (refresh) loaded = load();
      current = { at: now(), credentials: loaded.then(credentialsOf) };
      current.credentials.catch(() => {
        current.at = Number.NEGATIVE_INFINITY;
      });
    }
    return (await current.credentials).headers;
  };
}

function kubeconfigPaths(path: string | undefined, { KUBECONFIG, HOME = homedir() }: Environment): readonly string[] {
  const named = path ?? (KUBECONFIG || undefined);
  const all = (named ?? join(HOME, '.kube', 'config')).split(delimiter).filter((one) => one !== '');
  // As in kubectl, a list may name files that are not there.
  const existing = all.filter((one) => existsSync(one));
  if (existing.length > 0) return existing;
  if (path !== undefined) throw problem(path, 'no such file; check --kubeconfig');
  const [from, remedy] = named === undefined ? ['', 'set KUBECONFIG or'] : ['KUBECONFIG: ', 'correct KUBECONFIG, or'];
  throw problem(
    all.join(delimiter),
    `${from}no such file; ${remedy} name a file with --kubeconfig`,
    'PrerequisiteMissing',
  );
}

async function loadEntries(paths: readonly string[], text: string | undefined): Promise<Entries> {
  // Loaded late: it takes a tenth of a second, and most verbs need no cluster.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const parts = (text === undefined ? paths : [text]).map((one) => {
    const config = new KubeConfig();
    try {
      if (text === undefined) config.loadFromFile(one);
      else config.loadFromString(one);
    } catch (cause) {
      // Only the first line: the parser shows the text around the fault in the next ones, tokens included.
      throw problem(
        text === undefined ? one : '',
        String(messageOf(cause)).split('\n', 1)[0] ?? '',
        'UsageInvalid',
        cause,
      );
    }
    return config;
  });
  return {
    clusters: firstOfName(parts.flatMap(({ clusters }) => clusters)),
    users: firstOfName(parts.flatMap(({ users }) => users)),
    contexts: firstOfName(parts.flatMap(({ contexts }) => contexts)),
    currentContext: parts.map(({ currentContext }) => currentContext).find((name) => name) ?? '',
  };
}

/** As in kubectl, the first file wins. */
function firstOfName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...new Map([...entries].reverse().map((entry) => [entry.name, entry])).values()];
}

async function choose(entries: Entries, wanted: string | undefined, name: string): Promise<Chosen> {
  const currentContext = wanted ?? entries.currentContext;
  const known = entries.contexts.map((context) => context.name).sort();
  const listed = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  if (currentContext === '') throw problem(name, `there is no current context; name one with --context: ${listed}`);
  const context = entries.contexts.find((one) => one.name === currentContext);
  if (context === undefined) throw problem(name, `context "${currentContext}" does not exist; ${listed}`);
  const cluster = entries.clusters.find((one) => one.name === context.cluster);
  if (cluster === undefined)
    throw problem(name, `context "${currentContext}": cluster "${context.cluster}" is not defined`);
  const users = entries.users.some((one) => one.name === context.user) ? entries.users : [];
  if (users.length === 0) throw problem(name, `context "${currentContext}": user "${context.user}" is not defined`);

  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  // The library refuses plain http unless nothing is to be verified; what may be reached so is for the cluster adapter to say.
  const plain = cluster.server.startsWith('http:');
  const clusters = entries.clusters.map((one) => (one === cluster && plain ? { ...one, skipTLSVerify: true } : one));
  config.loadFromOptions({ ...entries, clusters, currentContext });
  return { name, cluster, config };
}

/** What the library would put on a request; runs the user's plugin where there is one. */
async function credentialsOf({ name, config }: Chosen): Promise<Credentials> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw pluginProblem(name, config.getCurrentUser(), cause);
  }
  const { ca, cert, key, headers, auth } = options;
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  const named = Object.entries(headers ?? {}).map(([header, value]) => [header.toLowerCase(), String(value)]);
  return {
    headers: { ...basic, ...Object.fromEntries(named) },
    ...(ca && { caData: String(ca) }),
    ...(cert && key && { clientCert: { cert: String(cert), key: String(key) } }),
  };
}

function pluginProblem(name: string, user: User | null, cause: unknown): DriftlessError {
  const command = user?.exec?.command;
  if (command === undefined) return problem(name, `user "${user?.name}": ${messageOf(cause)}`, 'UsageInvalid', cause);
  if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT')
    return problem(
      name,
      `user "${user?.name}": plugin "${command}" is not installed; install it`,
      'PrerequisiteMissing',
      cause,
    );
  const said = messageOf(cause).trim().slice(0, 500) || 'it said nothing';
  return problem(name, `user "${user?.name}": plugin "${command}" failed: ${said}`, 'ClusterAccessDenied', cause);
}

function problem(name: string, message: string, code: ErrorCode = 'UsageInvalid', cause?: unknown): DriftlessError {
  return new DriftlessError(code, `kubeconfig${name === '' ? '' : ` ${name}`}: ${message}`, { cause });
}

function messageOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}
