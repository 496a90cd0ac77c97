// Bodies and errors of the API. In: a request, or a thrown error. Out: a validated body; `{error: {code, message, hint}}`.
import type { Context } from 'hono';
import { z } from 'zod';
import { asDriftlessError, DriftlessError, type ErrorCode } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';

/** The body of an answer that reports an error. */
type ApiError = {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
};

const STATUS = {
  RequestInvalid: 400,
  PayloadInvalid: 400,
  TokenInvalid: 401,
  RequestRefused: 403,
  ApplicationUnknown: 404,
  ObjectUnknown: 404,
  OperationUnknown: 404,
  ProjectForbids: 403,
  EndpointUnknown: 404,
  RollbackImpossible: 409,
  NothingRuns: 409,
  RevisionHeld: 409,
  DeployerNotNoted: 409,
  ClusterNotConfigured: 404,
  // Not 5xx: the server did not fail, its alarm must not go off, and the request must not be sent again.
  ScanUnfinished: 409,
  PayloadTooLarge: 413,
  StateUnavailable: 503,
} as const satisfies Partial<Record<ErrorCode, number>>;

type Status = (typeof STATUS)[keyof typeof STATUS] | 500;

const STATUSES: Partial<Record<ErrorCode, Status>> = STATUS;

/** Answers with an error; an unexpected one is logged. */
export function failed(context: Context, thrown: unknown, log: Log): Response {
  const { code, message, hint } = asDriftlessError(thrown);
  const status = STATUSES[code] ?? 500;
  if (status >= 500) log.error('could not answer a request', { path: context.req.path, code, reason: message });
  const text = code === 'Internal' ? 'the request could not be answered; the log has the reason' : message;
  return context.json({ error: { code, message: text, hint } } satisfies ApiError, status);
}

/** The error for a path without a route. */
export function unknownEndpoint({ req }: Context): DriftlessError {
  return new DriftlessError('EndpointUnknown', `${req.method} ${req.path}: does not exist`);
}

/** A name of an application or cluster. */
export const Name = z.string().min(1).max(253);

/** The application that a route names. */
export function nameOf({ req }: Context): string {
  return checked(Name, req.param('name'));
}

/** Returns the validated body of a POST. A form of another site cannot send JSON, so no other type is read. */
export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const type = context.req.header('content-type') ?? 'none';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new DriftlessError('RequestInvalid', `content-type: is ${type}; send application/json`);
  return checked(schema, jsonOf(await context.req.text()));
}

/** Returns a value that fits the schema, or throws one error with every problem. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new DriftlessError('RequestInvalid', problems.join('; '));
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new DriftlessError('RequestInvalid', 'body: is not JSON; send an object');
  }
}
