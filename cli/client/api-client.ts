// The way to a running deployer. In: a path, a body. Out: its answer. May go wrong: nobody answers, or not the deployer, or the deployer with an error of its own,
// which is thrown as it was there; on AWS also: nobody is signed in, or may not ask.
import { z } from 'zod';
import { DriftlessError, isErrorCode } from '../../lib/errors.ts';
import type { Sign } from './aws-wiring.ts';
import { type DeployerAddress, signingRegion } from './deployer-address.ts';
import { gatewayProblem } from './gateway-problem.ts';

/** Where a deployer on this machine listens unless it is told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8080';

const Failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A deployer's API; the caller knows what each path answers. */
export type Api = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
};

/** Opens the API of the deployer at this address; nothing is asked yet. */
export function openApi(address: DeployerAddress): Api {
  const region = signingRegion(address);
  const target = { base: address.url.replace(/\/+$/, ''), sign: region === undefined ? undefined : signerFor(region) };
  const json = { 'content-type': 'application/json' };
  return {
    get: (path) => ask(target, { method: 'GET', path, headers: {} }),
    post: (path, body) => ask(target, { method: 'POST', path, headers: json, body: JSON.stringify(body) }),
  };
}

/** `/applications/shop/drift`, whatever the name is made of. */
export function pathOf(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

type Target = { readonly base: string; readonly sign: Sign | undefined };

type Question = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

async function ask<T>({ base, sign }: Target, { path, ...question }: Question): Promise<T> {
  const url = new URL(`${base}/api${path}`);
  const headers = sign === undefined ? question.headers : await sign({ ...question, url });
  const reply = await fetch(url, { ...question, headers, redirect: 'error' }).catch((error: unknown) => {
    throw unreachable(base, error);
  });
  const { status, ok } = reply;
  const answer = jsonOf(await reply.text());
  // What a path answers is the API's own type; client and deployer are one program.
  if (ok && answer !== undefined) return answer as T;
  const failure = Failure.safeParse(answer);
  if (failure.success) throw asThere(failure.data.error);
  const { method } = question;
  const problem = gatewayProblem({ url, method, status, answer, isSigned: sign !== undefined });
  if (problem !== undefined) throw problem;
  const why = status === 503 ? 'is still starting; try again in a moment' : `is no deployer (HTTP ${status})`;
  throw new DriftlessError('DeployerUnreachable', `${base}: ${why}`);
}

/** What signs, loaded with the first request. */
function signerFor(region: string): Sign {
  let loaded: Promise<Sign> | undefined;
  return async (request) => {
    loaded ??= import('./aws-wiring.ts').then((wiring) => wiring.signerFor(region));
    return (await loaded)(request);
  };
}

function unreachable(base: string, error: unknown): DriftlessError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : `cannot be reached (${code ?? String(cause)})`;
  return new DriftlessError('DeployerUnreachable', `${base}: ${why}`, { cause: error });
}

function asThere({ code, message }: { readonly code: string; readonly message: string }): DriftlessError {
  return new DriftlessError(isErrorCode(code) ? code : 'Internal', message);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
