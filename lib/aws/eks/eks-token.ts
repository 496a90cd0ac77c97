// In: a cluster's name and credentials. Out: the bearer token that its API server accepts: a request to STS, signed and not sent, which EKS
// sends to identify the caller. Nothing is sent here.
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../../ports/runtime.ts';
import { awsFailure } from '../aws-failure.ts';
import { Sha256 } from '../sha256.ts';

/** Credentials as the SDK's providers return them. */
export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

type TokenRequest = {
  /** The regional endpoint: `sts.eu-central-1.amazonaws.com`. */
  readonly host: string;
  readonly region: string;
  /** The cluster's name in EKS. */
  readonly cluster: string;
  readonly credentials: AwsCredentials;
  readonly at: Date;
  readonly expiresSeconds: number;
};

type TokenOptions = {
  readonly region: string;
  readonly cluster: string;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: Pick<Clock, 'now'>;
};

/** EKS accepts a token for 15 minutes, whatever its expiry says; clocks differ, and a request may wait. */
const CACHE_MS = 12 * 60_000;
/** EKS checks the signature only; this is the shortest expiry that its own tools request. */
const EXPIRES_SECONDS = 60;
/** Requests that are refused together share one new token. */
const SHARED_MS = 2_000;
/** A token is valid no longer than the credentials that signed it. */
const SPARE_MS = 60_000;

/** Returns a cached token; a new one before it expires, or after the server has refused it. */
export function createEksToken(options: TokenOptions): (options?: { readonly refresh?: boolean }) => Promise<string> {
  const { clock } = options;
  let made = { at: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY, token: Promise.resolve('') };

  async function make(at: number): Promise<string> {
    const { token, until } = await signedToken(options, at);
    made.until = Math.min(made.until, until);
    return token;
  }

  return ({ refresh = false } = {}) => {
    const now = clock.now();
    if (now < made.until && (!refresh || now - made.at < SHARED_MS)) return made.token;
    made = { at: now, until: now + CACHE_MS, token: Promise.resolve('') };
    const own = made;
    own.token = make(now).catch((error) => {
      own.until = Number.NEGATIVE_INFINITY;
      throw error;
    });
    return own.token;
  };
}

async function signedToken(
  { region, cluster, credentials: provide }: TokenOptions,
  at: number,
): Promise<{ readonly token: string; readonly until: number }> {
  try {
    const credentials = await provide();
    const request = { host: stsHost(region), region, cluster, credentials, at: new Date(at) };
    const url = await presignIdentity({ ...request, expiresSeconds: EXPIRES_SECONDS });
    const until = (credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - SPARE_MS;
    return { token: `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`, until };
  } catch (thrown) {
    throw awsFailure(`credentials for EKS cluster "${cluster}"`, thrown);
  }
}

/** The address of a signed GetCallerIdentity for one cluster: https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster */
export async function presignIdentity(request: TokenRequest): Promise<string> {
  const { host, region, cluster, credentials, at, expiresSeconds } = request;
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host, 'x-k8s-aws-id': cluster },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    },
    { expiresIn: expiresSeconds, signingDate: at },
  );
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return `https://${host}/?${pairs.join('&')}`;
}

function stsHost(region: string): string {
  return `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function encode(text: string): string {
  return encodeURIComponent(text);
}
