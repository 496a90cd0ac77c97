// In: the API server's answer to a server-side apply. Out: what it means for the object. Throws what is nobody's refusal: a server that
// is sick or gone, credentials it does not know.
import type { ApplyResult } from '../../model/cluster-api.ts';
import { formatTarget, type Target } from '../path.ts';
import { failureOf, namesAnObject, type Reply, readKubeObject } from './api-response.ts';
import { isAdmissionDenial, isUnmergeable, type KubeStatus } from './api-status.ts';
import { isImmutable } from './immutable.ts';
import { wordsOf } from './safe-message.ts';

type Refused = Extract<ApplyResult, { status: 'refused' }>;

/** The meaning of an answer to a server-side apply of one object. */
export function applyResult(reply: Reply, target: Target): ApplyResult {
  if (reply.status < 300) return { status: 'applied', object: readKubeObject(reply.body, target) };
  const conflicts = reply.failure === undefined ? [] : conflictsOf(reply.failure);
  if (reply.status === 409 && conflicts.length > 0) return { status: 'conflict', conflicts };
  const reason = refusalReason(reply, target);
  if (reason === undefined) throw failureOf(reply, target);
  if (reason === 'kindMissing') return { status: 'refused', reason, message: notServed(target), causes: [] };
  const words = reply.failure && wordsOf(reply.failure, target.kind);
  return { status: 'refused', reason, message: `HTTP ${reply.status}`, causes: [], ...words };
}

function refusalReason(reply: Reply, target: Target): Refused['reason'] | undefined {
  const { status, failure } = reply;
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
      return missing(reply, target);
    case 422:
      return failure !== undefined && isImmutable(failure) ? 'immutable' : 'invalid';
    case 500:
      return failure !== undefined && isUnmergeable(failure) ? 'invalid' : undefined;
    default:
      return status >= 400 && status < 500 ? 'other' : undefined;
  }
}

function missing(reply: Reply, { kind }: Target): Refused['reason'] {
  if (!namesAnObject(reply)) return 'kindMissing';
  return reply.failure?.details.kind === 'namespaces' && kind.namespaced ? 'namespaceMissing' : 'other';
}

function notServed(target: Target): string {
  const { group, version, kind } = target.kind;
  return `${formatTarget(target)}: the API server does not serve ${group === '' ? version : `${group}/${version}`} ${kind}`;
}

/** Managers and fields of `conflict with "kubectl-edit" using apps/v1`; a subresource may stand between. */
function conflictsOf({ details }: KubeStatus): readonly { readonly manager: string; readonly field: string }[] {
  return details.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field = '' }) => ({
      manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? message,
      field: field.replace(/^\./, ''),
    }));
}
