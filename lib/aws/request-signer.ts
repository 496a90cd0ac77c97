// In: a request to a service that is protected by IAM. Out: its headers with a signature, version 4. May go wrong: without credentials, AwsAccessDenied.
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
  /** By default those of this machine: environment, profiles, single sign-on, the machine's own role. */
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

/** Returns all headers of the signed request. */
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
    // The HTTP client sets the host itself.
    const { host: _, ...others } = signed.headers;
    return others;
  };
}

async function found(credentials: () => Promise<AwsCredentials>, { host }: URL): Promise<AwsCredentials> {
  return credentials().catch((cause: unknown) => {
    const remedy = 'sign in, for example with aws sso login, or set AWS_PROFILE';
    const message = `credentials for ${host}: ${awsFault(cause).words.replace(/[.\s]+$/, '')}; ${remedy}`;
    throw new DriftlessError('AwsAccessDenied', message, { cause });
  });
}
