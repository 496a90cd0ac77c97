// The client of a running deployer's API. In: a path, a body. Out: its response. May fail: no deployer responds, or it responds with an error, which is
// thrown as it was there; on AWS also: no credentials, or no permission.
import { z } from 'zod';
import { DriftlessError, isErrorCode } from '../../lib/errors.ts';
import { parseJson } from '../../lib/model/exact-json.ts';
import type { Sign } from './aws-wiring.ts';
import { type DeployerAddress, signingRegion } from './deployer-address.ts';
import { gatewayProblem } from './gateway-problem.ts';
import { localDeployer, tokenOf } from './local-deployers.ts';
import { unreachable } from './unreachable.ts';

const Failure = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }) });

/** A deployer's API; the caller knows the type that each path returns. */
export type Api = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  /** What is live now, below `/live`; a right of its own. */
  live<T>(path: string): Promise<T>;
};

/** Opens the API of the deployer at an address, by default the one on this machine; no request is sent yet. */
export function openApi({ url = localDeployer(), region: named }: Partial<DeployerAddress>): Api {
  const address = { url, ...(named !== undefined && { region: named }) };
  const region = signingRegion(address);
  const sign = region === undefined ? withToken(tokenOf(address.url)) : signerFor(region);
  const target = { base: address.url.replace(/\/+$/, ''), sign, isSigned: region !== undefined };
  const json = { 'content-type': 'application/json' };
  return {
    get: (path) => ask(target, { method: 'GET', path: `/api${path}`, headers: {} }),
    post: (path, body) =>
      ask(target, { method: 'POST', path: `/api${path}`, headers: json, body: JSON.stringify(body) }),
    live: (path) => ask(target, { method: 'GET', path: `/live${path}`, headers: {} }),
  };
}

/** `/applications/shop/drift`, whatever the name is made of. */
export function pathOf(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

type Target = { readonly base: string; readonly sign: Sign; readonly isSigned: boolean };

type Question = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

async function ask<T>({ base, sign, isSigned }: Target, { path, ...question }: Question): Promise<T> {
  const url = new URL(`${base}${path}`);
  const headers = await sign({ ...question, url });
  const reply = await fetch(url, { ...question, headers, redirect: 'error' }).catch((error: unknown) => {
    throw unreachable(base, error);
  });
  const { status, ok } = reply;
  const answer = jsonOf(await reply.text());
  // Client and deployer are one program, so the response has the API's own type.
  if (ok && answer !== undefined) return answer as T;
  const failure = Failure.safeParse(answer);
  const { method } = question;
  if (failure.success) throw asThere(failure.data.error, { base, request: `${method} ${url.pathname}` });
  const problem = gatewayProblem({ url, method, status, answer, isSigned });
  if (problem !== undefined) throw problem;
  const why = status === 503 ? 'is still starting; try again in a few seconds' : `is not a deployer (HTTP ${status})`;
  throw new DriftlessError('DeployerUnreachable', `${base}: ${why}`);
}

/** What a deployer on this machine asks for. */
function withToken(token: string | undefined): Sign {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return async ({ headers }) => ({ ...headers, ...authorization });
}

/** What signs, loaded with the first request. */
function signerFor(region: string): Sign {
  let loaded: Promise<Sign> | undefined;
  return async (request) => {
    loaded ??= import('./aws-wiring.ts').then((wiring) => wiring.signerFor(region));
    return (await loaded)(request);
  };
}

type Asked = { readonly base: string; readonly request: string };

/** What the deployer said. A route that it does not know is no mistake of the user's, unless the address has a path. */
function asThere({ code, message, hint }: z.infer<typeof Failure>['error'], { base, request }: Asked): DriftlessError {
  if (code !== 'EndpointUnknown')
    return new DriftlessError(isErrorCode(code) ? code : 'Internal', message, hint === undefined ? {} : { hint });
  const { origin, pathname } = new URL(base);
  const isRoot = pathname === '/' || pathname === '';
  const why = isRoot
    ? `does not know ${request}; it is older than this command, update it`
    : `does not answer ${request}; write the address without a path, as ${origin}`;
  return new DriftlessError('DeployerUnreachable', `${base}: ${why}`);
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
