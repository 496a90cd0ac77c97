// In: a command of protocol v2 with its arguments. Out: the lines of the response. May go wrong: no network, no access, no Git server; each has
// its code. Capabilities are requested once and cached; when a command fails after that, they are requested again and the command is retried once.
// A redirect is followed and never cached: a repository that is created later under the old name must be found there.

import { singleFlight } from '../../async/single-flight.ts';
import { DriftlessError, type ErrorCode } from '../../errors.ts';
import type { Permit } from '../../ports/git.ts';
import type { GitLimits } from '../limits.ts';
import { readAdvertisement, type ServerCapabilities } from '../protocol/advertisement.ts';
import { DELIM, encodePkt, FLUSH, type Pkt, readPkts } from '../protocol/pkt-line.ts';
import { tooLarge } from '../too-large.ts';
import type { Address } from './address.ts';
import type { Authorizer } from './credentials.ts';
import type { Http, HttpResponse } from './http.ts';
import { checkResponse, type Exchange, redirectTarget } from './http-response.ts';

/** A command to send and the arguments that go with it; both as Git's gitprotocol-v2 has them. */
export type Command = {
  readonly name: 'ls-refs' | 'fetch';
  readonly args: readonly string[];
  /** The error for a message of the server that is more specific than a failure. */
  readonly refusal?: (message: string) => DriftlessError | undefined;
};

/** A repository on its server. */
export type Session = {
  readonly capabilities: ServerCapabilities;
  /** Sends a command; returns the lines of the response, without the flush that ends it. */
  run(command: Command): Promise<AsyncIterable<Pkt>>;
};

export type Remote = {
  readonly name: string;
  /** Runs work with a session; repeats it once where the cached capabilities may be outdated. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
};

/** A repository for several projects: the address, and each one that its server redirects to, is judged before it is connected to. */
export type PermittingRemote = {
  readonly name: string;
  use<T>(work: (session: Session) => Promise<T>, permit: Permit | undefined): Promise<T>;
};

export type RemoteOptions = {
  readonly address: Address;
  readonly http: Http;
  readonly authorizer: Authorizer;
  readonly limits: Pick<GitLimits, 'advertisementBytes' | 'answerBytes'>;
};

type Discovered = { readonly base: URL; readonly capabilities: ServerCapabilities };

const SERVICE = 'git-upload-pack';
const MAX_REDIRECTS = 3;
const MAYBE_STALE: readonly (ErrorCode | undefined)[] = ['GitUnreachable', 'GitAccessDenied', 'GitProtocol'];

export function createRemote(options: RemoteOptions): PermittingRemote {
  const { address, authorizer } = options;
  const once = singleFlight<Discovered>();
  let known: Discovered | undefined;
  const connect = async (permit: Permit | undefined) => {
    known = undefined;
    const found = await once(permit?.key ?? '', () => discover(options, permit));
    if (found.base.href === address.url.href) known = found;
    return sessionOf(found, options);
  };
  return {
    name: address.name,
    use: async (work, permit) => {
      assertPermitted(permit, address.name, address.name);
      const before = known;
      try {
        return await work(before === undefined ? await connect(permit) : sessionOf(before, options));
      } catch (error) {
        if (codeOf(error) === 'GitAccessDenied') await authorizer.forget();
        if (before === undefined || !MAYBE_STALE.includes(codeOf(error))) throw error;
        return work(await connect(permit));
      }
    },
  };
}

function assertPermitted(permit: Permit | undefined, address: string, subject: string): void {
  const problem = permit?.problem(address);
  if (problem !== undefined) throw new DriftlessError('ProjectForbids', `${subject}: ${problem}`);
}

function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof DriftlessError ? error.code : undefined;
}

/** Requests the capabilities, following redirects; the last one is where the repository is. */
async function discover(options: RemoteOptions, permit: Permit | undefined): Promise<Discovered> {
  const { name, url } = options.address;
  let base = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const exchange = await request(options, { base, suffix: `/info/refs?service=${SERVICE}` });
    const target = await redirectTarget(exchange);
    if (target === undefined) {
      await checkResponse(exchange, `application/x-${SERVICE}-advertisement`);
      const body = bounded(exchange, 'advertisementBytes', options);
      return { base, capabilities: await readAdvertisement(readPkts(body, name), name) };
    }
    assertPermitted(permit, target.href, `${name}: the server redirects to ${target.href}`);
    base = target;
  }
  throw new DriftlessError('GitProtocol', `${name}: the server redirects more than ${MAX_REDIRECTS} times`);
}

function sessionOf({ base, capabilities }: Discovered, options: RemoteOptions): Session {
  const { name } = options.address;
  return {
    capabilities,
    run: async (command) => {
      const exchange = await request(options, { base, suffix: `/${SERVICE}`, body: encode(command, capabilities) });
      await checkResponse(exchange, `application/x-${SERVICE}-result`);
      return responseLines(readPkts(bounded(exchange, 'answerBytes', options), name), name, command.refusal);
    },
  };
}

/** The body of a response, up to a limit: every section counts, also progress and those before the pack. */
async function* bounded(
  { response, address }: Exchange,
  name: keyof RemoteOptions['limits'],
  { limits }: RemoteOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > limits[name]) throw tooLarge(address.name, name, { actual: bytes, limit: limits[name] });
    yield chunk;
  }
}

type Target = { readonly base: URL; readonly suffix: string; readonly body?: Buffer };

/** Sends a request; with credentials only to the repository's own scheme, host and port. */
async function request(
  { http, authorizer, address }: RemoteOptions,
  { base, suffix, body }: Target,
): Promise<Exchange> {
  const isOwn = base.origin === address.url.origin;
  const authorization = isOwn ? await authorizer.header() : undefined;
  const headers = {
    'git-protocol': 'version=2',
    'user-agent': 'git/2 (driftless)',
    ...(authorization === undefined ? {} : { authorization }),
    ...(body === undefined ? {} : { 'content-type': `application/x-${SERVICE}-request` }),
  };
  const url = new URL(base.href + suffix);
  const response: HttpResponse = await http(
    body === undefined ? { method: 'GET', url, headers } : { method: 'POST', url, headers, body },
  );
  return { response, url, suffix, address, authorized: authorization !== undefined };
}

function encode({ name, args }: Command, { objectFormat }: ServerCapabilities): Buffer {
  const format = objectFormat ? ['object-format=sha1\n'] : [];
  const capabilities = [`command=${name}\n`, 'agent=git/2-driftless\n', ...format].map(encodePkt);
  return Buffer.concat([...capabilities, DELIM, ...args.map((arg) => encodePkt(`${arg}\n`)), FLUSH]);
}

/** The lines up to the flush that ends a response, which is read completely so that the connection can be reused. */
async function* responseLines(
  pkts: AsyncIterable<Pkt>,
  name: string,
  refusal: Command['refusal'],
): AsyncGenerator<Pkt> {
  let ended = false;
  for await (const pkt of pkts) {
    if (ended && pkt.kind !== 'end')
      throw new DriftlessError('GitProtocol', `${name}: the response continues after its end`);
    if (pkt.kind === 'flush') ended = true;
    else if (pkt.kind === 'data' && pkt.bytes.toString('latin1', 0, 4) === 'ERR ') {
      throw serverError(pkt.bytes.subarray(4), name, refusal);
    } else yield pkt;
  }
  if (!ended) throw new DriftlessError('GitProtocol', `${name}: the response was cut off`);
}

/** The error for an error message of the server; only its printable beginning is quoted. */
export function serverError(bytes: Buffer, name: string, refusal: Command['refusal']): DriftlessError {
  const message = bytes
    .toString('utf8', 0, 300)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return refusal?.(message) ?? new DriftlessError('GitProtocol', `${name}: the server says ${JSON.stringify(message)}`);
}
