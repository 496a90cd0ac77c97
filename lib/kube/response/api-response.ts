import type { Readable } from 'node:stream';
import { DriftlessError } from '../../errors.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatTarget, type Target } from '../path.ts';
import { isAdmissionDenial, isUnmergeable, type KubeStatus } from './api-status.ts';
import { wordsOf } from './safe-message.ts';

/** An answer of the API server, read to its end. */
export type Reply = {
  readonly status: number;
  readonly body: Buffer;
  /** Set on 400 and above, where the server explains itself. */
  readonly failure?: KubeStatus | undefined;
  readonly retryAfterSeconds?: number | undefined;
};

/** An answer that may be open still, where it was asked for as a stream. */
export type OpenReply = Reply & { readonly stream?: Readable };

const UNAVAILABLE = [429, 502, 503, 504];

/** How often a request is sent while others keep changing the same object; the API server tries five times itself. */
const SENDS_ON_CONFLICT = 3;

/** Whether the same request may succeed a little later. */
export function isTransient({ status, failure }: Reply, sends: number): boolean {
  if (status < 400 || (failure !== undefined && isAdmissionDenial(failure))) return false;
  if (UNAVAILABLE.includes(status)) return true;
  if (status === 500) return failure === undefined || !isUnmergeable(failure);
  // 409 without managers: the object changed under the server's hands. A uid that differs is looked at by the caller.
  const raced = status === 409 && failure !== undefined && failure.details.causes.length === 0;
  return raced && !/\bUID in (the )?precondition\b/.test(failure.message) && sends < SENDS_ON_CONFLICT;
}

/** The error that a failed request ends with, when the caller has no better use for the reply. */
export function failureOf(reply: Reply, target: Target): DriftlessError {
  const said = reply.failure === undefined ? `HTTP ${reply.status}` : wordsOf(reply.failure, target.kind).message;
  const subject = `${formatTarget(target)}: `;
  if (reply.status === 401)
    return new DriftlessError(
      'ClusterAccessDenied',
      `${subject}the API server does not accept the credentials: ${said}`,
    );
  if (reply.status === 403)
    return new DriftlessError('ClusterAccessDenied', `${subject}may not ${target.verb}: ${said}`);
  if (UNAVAILABLE.includes(reply.status))
    return new DriftlessError(
      'ApiServerUnreachable',
      `${subject}the API server is not able to ${target.verb} now: ${said}`,
    );
  if (reply.status === 404 && !namesAnObject(reply)) return kindNotFound(target);
  return new DriftlessError('ApiServerRejected', `${subject}${target.verb} failed with HTTP ${reply.status}: ${said}`);
}

/** Whether a 404 is about an object; the other ones are about a group or kind that is not served. */
export function namesAnObject({ failure }: Reply): boolean {
  return failure?.reason === 'NotFound' && failure.details.name !== undefined;
}

function kindNotFound(target: Target): DriftlessError {
  const { group, version, kind } = target.kind;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return new DriftlessError('KindNotFound', `${formatTarget(target)}: ${apiVersion} ${kind} is not served any more`);
}

/** The JSON of a good reply. */
export function readJson(body: Buffer, subject: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (!isRecord(value))
    throw new DriftlessError(
      'ApiServerRejected',
      `${subject}: the API server answered something that is not a JSON object`,
    );
  return value;
}

/** The object of a good reply. */
export function readKubeObject(body: Buffer, target: Target): KubeObject {
  const value = readJson(body, formatTarget(target));
  if (!isKubeObject(value))
    throw new DriftlessError(
      'ApiServerRejected',
      `${formatTarget(target)}: the API server answered JSON that is not a Kubernetes object`,
    );
  return value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKubeObject(value: Readonly<Record<string, unknown>>): value is KubeObject {
  const { apiVersion, kind, metadata } = value;
  return typeof apiVersion === 'string' && typeof kind === 'string' && hasName(metadata);
}

/** Whether this is the metadata of an object. */
export function hasName(metadata: unknown): boolean {
  return isRecord(metadata) && typeof metadata['name'] === 'string';
}
