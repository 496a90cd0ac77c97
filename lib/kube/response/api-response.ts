import type { Readable } from 'node:stream';
import { DriftlessError } from '../../errors.ts';
import { parseJson } from '../../model/exact-json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatTarget, type RequestTarget } from '../path.ts';
import { isAdmissionDenial, isUnmergeable, type KubeStatus } from './api-status.ts';
import { safeMessage } from './safe-message.ts';

/** A response of the API server. */
export type ApiResponse = {
  readonly status: number;
  readonly body: Buffer;
  /** Set on 400 and above, where the server explains the error. */
  readonly failure?: KubeStatus | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Set instead of a body where a stream was requested and the server agreed. */
  readonly stream?: Readable;
};

const UNAVAILABLE = [429, 502, 503, 504];

/** Attempts while others keep changing the same object; the API server itself tries five times. */
const SENDS_ON_CONFLICT = 3;

/** Whether the same request may succeed a little later. */
export function isTransientResponse({ status, failure }: ApiResponse, sends: number): boolean {
  if (status < 400 || (failure !== undefined && isAdmissionDenial(failure))) return false;
  if (UNAVAILABLE.includes(status)) return true;
  if (status === 500) return failure === undefined || !isUnmergeable(failure);
  // A 409 without managers: the object changed while the server was writing it. The caller handles a uid or version that differs.
  const raced = status === 409 && failure !== undefined && failure.details.causes.length === 0;
  return (
    raced && !/\b(UID|ResourceVersion) in (the )?precondition\b/.test(failure.message) && sends < SENDS_ON_CONFLICT
  );
}

/** Whether the server could not call a webhook: admission or conversion is out of reach for now, and says nothing about the object. */
function isWebhookAway({ status, failure }: ApiResponse): boolean {
  return (
    status === 500 &&
    /\bfailed (calling|to call) webhook\b|\bconversion webhook for .* failed:/.test(failure?.message ?? '')
  );
}

/** The remedy where the server does not know who asks: no permission helps. */
export const RENEW =
  'renew the token or certificate that the kubeconfig names; on AWS, make sure that the cluster has the access entry of the deployer';

/** The error for a failed request, where the caller has no better use for the response. */
export function responseError(response: ApiResponse, target: RequestTarget): DriftlessError {
  const reason =
    response.failure === undefined ? `HTTP ${response.status}` : safeMessage(response.failure, target.kind).message;
  const subject = `${formatTarget(target)}: `;
  if (response.status === 401)
    return new DriftlessError(
      'ClusterAccessDenied',
      `${subject}the API server does not accept the credentials: ${reason}`,
      { hint: RENEW },
    );
  if (response.status === 403)
    return new DriftlessError('ClusterAccessDenied', `${subject}may not ${target.verb}: ${reason}`);
  if (UNAVAILABLE.includes(response.status) || isWebhookAway(response))
    return new DriftlessError('ApiServerUnreachable', `${subject}the API server cannot ${target.verb} now: ${reason}`);
  if (response.status === 404 && !namesAnObject(response)) return kindNotFound(target);
  return new DriftlessError(
    'ApiServerRejected',
    `${subject}${target.verb} failed with HTTP ${response.status}: ${reason}`,
  );
}

/** Whether a 404 is about an object, and not about a group or kind that is not served. */
export function namesAnObject({ failure }: ApiResponse): boolean {
  return failure?.reason === 'NotFound' && failure.details.name !== undefined;
}

function kindNotFound(target: RequestTarget): DriftlessError {
  const { group, version, kind } = target.kind;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return new DriftlessError('KindNotFound', `${formatTarget(target)}: ${apiVersion} ${kind} is no longer served`);
}

/** The JSON of a successful response. */
export function readJson(body: Buffer, subject: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(body.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (!isRecord(value))
    throw new DriftlessError(
      'ApiServerRejected',
      `${subject}: the API server returned something other than a JSON object`,
    );
  return value;
}

/** The object of a successful response. */
export function readKubeObject(body: Buffer, target: RequestTarget): KubeObject {
  const value = readJson(body, formatTarget(target));
  if (!isKubeObject(value))
    throw new DriftlessError(
      'ApiServerRejected',
      `${formatTarget(target)}: the API server returned JSON that is not a Kubernetes object`,
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

/** Whether a value is the metadata of an object. */
export function hasName(metadata: unknown): boolean {
  return isRecord(metadata) && typeof metadata['name'] === 'string';
}
