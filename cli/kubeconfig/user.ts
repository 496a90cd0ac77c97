// In: a cluster and a user of a kubeconfig. Out: what a request to the cluster carries. May go wrong: a file that is not there, a plugin that is not
// installed or fails.
import { readFileSync } from 'node:fs';
import type { Cluster, Context, KubeConfig, User } from '@kubernetes/client-node';
import type { DriftlessError } from '../../lib/errors.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import { kubeconfigProblem, messageOf } from './problem.ts';

export type Credentials = Pick<ClusterAccess, 'caData' | 'clientCert'> & {
  readonly headers: Readonly<Record<string, string>>;
};

/** A context with its cluster and user, and the file's name for messages. */
export type Chosen = {
  readonly name: string;
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
};

/** Gets the credentials again; a plugin's token is cached until it expires. */
export function credentialsOf(chosen: Chosen): () => Promise<Credentials> {
  const { user } = chosen;
  return user.exec || user.authProvider ? pluginCredentials(chosen) : async () => plainCredentials(chosen);
}

function plainCredentials({ name, cluster, user }: Chosen): Credentials {
  try {
    const caData = textOf(cluster.caFile, cluster.caData);
    const cert = textOf(user.certFile, user.certData);
    const key = textOf(user.keyFile, user.keyData);
    const basic = Buffer.from(`${user.username}:${user.password}`).toString('base64');
    return {
      headers: {
        ...(user.username && { authorization: `Basic ${basic}` }),
        ...(user.token && { authorization: `Bearer ${user.token}` }),
        ...(user.impersonateUser && { 'impersonate-user': user.impersonateUser }),
      },
      ...(caData && { caData }),
      ...(cert && key && { clientCert: { cert, key } }),
    };
  } catch (cause) {
    throw kubeconfigProblem(name, `user "${user.name}": ${messageOf(cause)}`, 'UsageInvalid', cause);
  }
}

/** The content of a file, or what stands in the kubeconfig itself. */
function textOf(file: string | undefined, base64: string | undefined): string | undefined {
  if (file) return readFileSync(file, 'utf8');
  return base64 ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
}

function pluginCredentials(chosen: Chosen): () => Promise<Credentials> {
  const loaded = loadLibrary(chosen);
  return async () => {
    const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
    try {
      await (await loaded).applyToHTTPSOptions(options);
    } catch (cause) {
      throw pluginProblem(chosen, cause);
    }
    const { headers } = options;
    const { clientCert, ...plain } = plainCredentials(chosen);
    const named = Object.entries(headers ?? {}).map(([header, value]) => [header.toLowerCase(), String(value)]);
    const { cert, key } = options;
    return {
      ...plain,
      headers: { ...plain.headers, ...Object.fromEntries(named) },
      ...(cert && key ? { clientCert: { cert: String(cert), key: String(key) } } : clientCert && { clientCert }),
    };
  };
}

/** What knows plugins takes a quarter of a second to load. */
async function loadLibrary({ cluster, user, context }: Chosen): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  // The library refuses plain http unless nothing is to be verified; what may be reached so is for the cluster adapter to say.
  const plain = cluster.server.startsWith('http:') ? { skipTLSVerify: true } : {};
  const clusters = [{ ...cluster, ...plain }];
  config.loadFromOptions({ clusters, users: [user], contexts: [context], currentContext: context.name });
  return config;
}

function pluginProblem({ name, user }: Chosen, cause: unknown): DriftlessError {
  const command = user.exec?.command;
  if (command === undefined)
    return kubeconfigProblem(name, `user "${user.name}": ${messageOf(cause)}`, 'UsageInvalid', cause);
  if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT')
    return kubeconfigProblem(
      name,
      `user "${user.name}": plugin "${command}" is not installed; install it`,
      'PrerequisiteMissing',
      cause,
    );
  const said = messageOf(cause).trim().slice(0, 500) || 'it said nothing';
  return kubeconfigProblem(
    name,
    `user "${user.name}": plugin "${command}" failed: ${said}`,
    'ClusterAccessDenied',
    cause,
  );
}
