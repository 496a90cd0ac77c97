// The adapter of the verbs that ask a deployer on AWS. It is apart from the others, and loaded only where something is signed: the SDK takes its time.
import { createRequestSigner } from '../../lib/aws/request-signer.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';

/** Returns the headers of a request, signed with the credentials of this machine's user. */
export type Sign = ReturnType<typeof createRequestSigner>;

/** Signs requests to an HTTP API in a region. */
export function signerFor(region: string): Sign {
  return createRequestSigner({ service: 'execute-api', region, clock: systemClock });
}
