// Validation that all forges' payloads share. In: verified bytes. Out: validated, bounded values. May go wrong: PayloadInvalid.
import { z } from 'zod';
import { DriftlessError } from '../errors.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import type { RequestHeaders } from './delivery.ts';

/** A full ref name; Git itself allows no blanks and no control characters. */
export const fullRef = z
  .string()
  .max(1024)
  .regex(/^refs\/[^\s\p{Cc}]+$/u, 'is not a full ref name, as in refs/heads/main');

/** A commit or tag object: SHA-1 or SHA-256. */
export const objectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a Git object id');

/** Any of a repository's addresses. */
export const address = z.string().max(2048).nullish();

/** Name of a branch. */
export const branchName = z.string().max(1024).nullish();

/** The text of a body, byte for byte; undefined where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Validates JSON against the fields that are used; other fields are ignored. */
export function parsePayload<T>(schema: z.ZodType<T>, text: string | undefined): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new DriftlessError('PayloadInvalid', `push payload: ${wrong.join('; ')}`);
}

/** The keys that a repository may be configured under. */
export function repoKeys(addresses: readonly (string | null | undefined)[]): readonly string[] {
  const keys = addresses.flatMap((text) => normalizeRepoUrl(text ?? '') ?? []);
  if (keys.length === 0)
    throw new DriftlessError('PayloadInvalid', 'push payload: the address of the repository is missing');
  return [...new Set(keys)];
}

/** A header that the forge always sends, of a length that may be logged and recorded. */
export function requiredHeader(headers: RequestHeaders, name: string): string {
  const value = headers[name] ?? '';
  if (/^[\x20-\x7e]{1,200}$/.test(value)) return value;
  throw new DriftlessError('PayloadInvalid', `webhook delivery: header ${name} is missing or malformed`);
}

/** The `after` of a PushEvent: the object that the ref points to; zeros stand for a deletion. */
export function afterPush(id: string): { readonly after?: string } {
  return /^0+$/.test(id) ? {} : { after: id };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new DriftlessError('PayloadInvalid', 'push payload: the body is not JSON');
  }
}
