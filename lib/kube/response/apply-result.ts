// In: the API server's response to a server-side apply. Out: what it means for the object. Throws what is not a refusal: an unavailable
// server, unknown credentials.
import type { ApplyResult } from '../../model/cluster-api.ts';
import { formatTarget, type RequestTarget } from '../path.ts';
import { type ApiResponse, namesAnObject, readKubeObject, responseError } from './api-response.ts';
import { isAdmissionDenial, isUnmergeable, type KubeStatus } from './api-status.ts';
import { isImmutable } from './immutable.ts';
import { safeMessage } from './safe-message.ts';

type Refused = Extract<ApplyResult, { status: 'refused' }>;

/** The meaning of a response to a server-side apply of one object. */
export function applyResult(response: ApiResponse, target: RequestTarget): ApplyResult {
  if (response.status < 300) return { status: 'applied', object: readKubeObject(response.body, target) };
  const conflicts = response.failure === undefined ? [] : conflictsOf(response.failure);
  if (response.status === 409 && conflicts.length > 0) return { status: 'conflict', conflicts };
  const reason = refusalReason(response, target);
  if (reason === undefined) throw responseError(response, target);
  if (reason === 'kindMissing') return { status: 'refused', reason, message: notServed(target), causes: [] };
  const refusal = response.failure && safeMessage(response.failure, target.kind);
  return { status: 'refused', reason, message: `HTTP ${response.status}`, causes: [], ...refusal };
}

function refusalReason(response: ApiResponse, target: RequestTarget): Refused['reason'] | undefined {
  const { status, failure } = response;
  if (failure !== undefined && isAdmissionDenial(failure)) return 'other';
  switch (status) {
    case 400:
    case 413:
      return 'invalid';
    case 401:
    case 429:
      return undefined;
    case 403:
      return 'forbidden';
    case 404:
      return missing(response, target);
    case 422:
      return failure !== undefined && isImmutable(failure) ? 'immutable' : 'invalid';
    case 500:
      return failure !== undefined && isUnmergeable(failure) ? 'invalid' : undefined;
    default:
      return status >= 400 && status < 500 ? 'other' : undefined;
  }
}

function missing(response: ApiResponse, { kind }: RequestTarget): Refused['reason'] {
  if (!namesAnObject(response)) return 'kindMissing';
  return response.failure?.details.kind === 'namespaces' && kind.namespaced ? 'namespaceMissing' : 'other';
}

function notServed(target: RequestTarget): string {
  const { group, version, kind } = target.kind;
  return `${formatTarget(target)}: the API server does not serve ${group === '' ? version : `${group}/${version}`} ${kind}`;
}

/** Managers and fields of `conflict with "kubectl-edit" using apps/v1`; a subresource may be mentioned in between. */
function conflictsOf({ details }: KubeStatus): readonly { readonly manager: string; readonly field: string }[] {
  return details.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field = '' }) => ({
      manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? message,
      field: field.replace(/^\./, ''),
    }));
}
