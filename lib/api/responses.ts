// How the API reads and answers. In: a request, or what was thrown. Out: a checked body; an error as `{error: {code, message, hint}}`.
import type { Context } from 'hono';
import type { z } from 'zod';
import { asDriftlessError, DriftlessError, type ErrorCode } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';

/** The body of an answer that reports an error. */
type ApiError = {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
};

const STATUS = {
  RequestInvalid: 400,
  PayloadInvalid: 400,
  RequestRefused: 403,
  ApplicationUnknown: 404,
  OperationUnknown: 404,
  EndpointUnknown: 404,
  RollbackImpossible: 409,
  RevisionHeld: 409,
  // No fault of the server, whose alarm would go off, and nothing to send again.
  ScanUnfinished: 409,
  PayloadTooLarge: 413,
  StateUnavailable: 503,
} as const satisfies Partial<Record<ErrorCode, number>>;

type Status = (typeof STATUS)[keyof typeof STATUS] | 500;

const STATUSES: Partial<Record<ErrorCode, Status>> = STATUS;

/** Answers with an error; what nobody planned is logged. */
export function failed(context: Context, thrown: unknown, log: Log): Response {
  const { code, message, hint } = asDriftlessError(thrown);
  const status = STATUSES[code] ?? 500;
  if (status >= 500) log.error('could not answer a request', { path: context.req.path, code, reason: message });
  const told = code === 'Internal' ? 'the request could not be answered; the log has the reason' : message;
  return context.json({ error: { code, message: told, hint } } satisfies ApiError, status);
}

/** What is asked for where nothing answers. */
export function nothingHere({ req }: Context): DriftlessError {
  return new DriftlessError('EndpointUnknown', `${req.method} ${req.path}: there is nothing here`);
}

/** The body of a POST as the schema wants it. A form of another site cannot send JSON, so nothing else is read. */
export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const type = context.req.header('content-type') ?? 'none';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new DriftlessError('RequestInvalid', `content-type: is ${type}; send application/json`);
  return checked(schema, jsonOf(await context.req.text()));
}

/** A value as the schema wants it, or one error with everything that is wrong. */
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
    throw new DriftlessError('RequestInvalid', 'body: is no JSON; send an object');
  }
}
