// In: a request to a service that asks IAM who may. Out: the headers that say who sends it, signature version 4. May go wrong: nobody is signed in, AwsAccessDenied.
import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { DriftlessError } from '../errors.ts';
import { awsFault } from '../model/aws-fault.ts';
import type { Clock } from '../ports/runtime.ts';
import type { AwsCredentials } from './eks/eks-token.ts';
import { Sha256 } from './sha256.ts';

type SignerOptions = {
  /** The service's name in signatures: `execute-api`. */
  readonly service: string;
  readonly region: string;
  /** By default whoever is signed in on this machine: environment, profiles, single sign-on, the machine's own role. */
  readonly credentials?: () => Promise<AwsCredentials>;
  readonly clock: Pick<Clock, 'now'>;
};

type Headers = Readonly<Record<string, string>>;

type UnsignedRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: string;
};

/** Gives all headers that the request is to be sent with. */
type SignRequest = (request: UnsignedRequest) => Promise<Headers>;

/** Signs requests. */
export function createRequestSigner(options: SignerOptions): SignRequest {
  const { service, region, clock, credentials = new STSClient({ region }).config.credentials } = options;
  return async ({ method, url, headers, body }) => {
    const signer = new SignatureV4({ service, region, credentials: await found(credentials, url), sha256: Sha256 });
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body !== undefined && { body }),
    };
    const signed = await signer.sign(request, { signingDate: new Date(clock.now()) });
    // Whoever sends it writes that one.
    const { host: _, ...others } = signed.headers;
    return others;
  };
}

async function found(credentials: () => Promise<AwsCredentials>, { host }: URL): Promise<AwsCredentials> {
  return credentials().catch((cause: unknown) => {
    const remedy = 'sign in, as with aws sso login, or name a profile in AWS_PROFILE';
    const message = `credentials for ${host}: ${awsFault(cause).words.replace(/[.\s]+$/, '')}; ${remedy}`;
    throw new DriftlessError('AwsAccessDenied', message, { cause });
  });
}
