// In: what kept a request from reaching an address. Out: an error that says what is wrong with the address, or with what listens there.
import { DriftlessError } from '../../lib/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host does not exist; correct the name',
  EAI_AGAIN: 'the host cannot be looked up now; check the network',
  EHOSTUNREACH: 'the host cannot be reached; check the network',
  ENETUNREACH: 'the host cannot be reached; check the network',
  ECONNRESET: 'the connection was cut; the server, or a proxy in between, does not speak HTTP there',
  EPROTO: 'it does not speak TLS; write http:// for a deployer on this machine',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; write http:// for a deployer on this machine',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; write http:// for a deployer on this machine',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer; check the address, and firewalls in between',
  UND_ERR_HEADERS_TIMEOUT: 'it accepts the connection and does not answer; look at its log',
  UND_ERR_SOCKET: 'the connection was cut; what listens there does not speak HTTP, or has just ended',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; set NODE_EXTRA_CA_CERTS to its authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority; set NODE_EXTRA_CA_CERTS to it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority; set NODE_EXTRA_CA_CERTS to it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host; correct the name',
};

/** The error for a request that was not answered. */
export function unreachable(base: string, error: unknown): DriftlessError {
  const { cause = error } = partsOf(error);
  return new DriftlessError('DeployerUnreachable', `${base}: ${reasonOf(cause)}`, { cause: error });
}

function reasonOf(cause: unknown): string {
  const { code = '', message } = partsOf(cause);
  if (message === 'bad port') return 'the port is one that HTTP clients refuse; correct it';
  if (message === 'unexpected redirect') return 'it leads to another address; name that one';
  if (code.startsWith('HPE_')) return 'what listens there does not speak HTTP; correct the port';
  return REASONS[code] ?? `cannot be reached (${code || (message ?? String(cause))})`;
}

type Parts = { readonly cause?: unknown; readonly code?: string; readonly message?: string };

/** What an error says of itself. */
function partsOf(error: unknown): Parts {
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('cause' in error && error.cause !== undefined && { cause: error.cause }),
    ...('code' in error && { code: String(error.code) }),
    ...('message' in error && { message: String(error.message) }),
  };
}
