// In: where a deployer answers. Out: whether requests to it are signed, and for which region of AWS. May go wrong: an address of AWS without https, UsageInvalid.
import { DriftlessError } from '../../lib/errors.ts';

/** Where a deployer on this machine listens by default. */
export const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Where a deployer answers. */
export type DeployerAddress = {
  readonly url: string;
  /** Of AWS, where the address does not say itself that it is signed for there. */
  readonly region?: string;
};

/** What the address of an HTTP API begins with names the API, and what comes then its region. */
const HTTP_API = /^[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/** The region that requests are signed for; undefined where they are not. */
export function signingRegion({ url, region }: DeployerAddress): string | undefined {
  const { protocol, hostname } = new URL(url);
  const ofApi = HTTP_API.exec(hostname)?.[1];
  if (ofApi !== undefined && protocol !== 'https:')
    throw new DriftlessError('UsageInvalid', `${url}: plain http is not served by AWS; write https://`);
  // Whoever could read along could send it again.
  return protocol === 'https:' ? (ofApi ?? region) : undefined;
}
