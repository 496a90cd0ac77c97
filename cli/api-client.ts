// The way to a running deployer. In: a path, a body. Out: its answer. May go wrong: nobody answers, or not the deployer, or the deployer with an error of its own,
// which is thrown as it was there.
import { z } from 'zod';
import { DriftlessError, isErrorCode } from '../lib/errors.ts';

/** Where a deployer on this machine listens unless it is told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8080';

const Failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** A deployer's API; the caller knows what each path answers. */
export type Api = {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
};

/** Opens the API of the deployer at this address; nothing is asked yet. */
export function openApi(url: string): Api {
  const base = url.replace(/\/+$/, '');
  return {
    get: (path) => ask(base, path, { method: 'GET' }),
    post: (path, body) =>
      ask(base, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

/** `/applications/shop/drift`, whatever the name is made of. */
export function pathOf(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

async function ask<T>(base: string, path: string, init: RequestInit): Promise<T> {
  const reply = await fetch(`${base}/api${path}`, { ...init, redirect: 'error' }).catch((error: unknown) => {
    throw unreachable(base, error);
  });
  const text = await reply.text();
  const answer = jsonOf(text);
  // What a path answers is the API's own type; client and deployer are one program.
  if (reply.ok && answer !== undefined) return answer as T;
  const failure = Failure.safeParse(answer);
  if (failure.success) throw asThere(failure.data.error);
  const why =
    reply.status === 503 ? 'is still starting; try again in a moment' : `is no deployer (HTTP ${reply.status})`;
  throw new DriftlessError('DeployerUnreachable', `${base}: ${why}`);
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
