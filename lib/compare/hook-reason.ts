import { hasFormerDeployer } from '../managed-fields/takeover.ts';
import { turnOf } from '../order/hooks.ts';
import { identityOf } from '../ownership/labels.ts';
import type { DeletionReason } from '../ownership/may-delete.ts';
import type { PlannedObject } from '../plan/planned.ts';

type HookReason = Extract<DeletionReason, { why: 'hook' }>;

/** What the rule about deletions is told of a hook whose object is to be replaced, or removed at its end. */
export function hookReason(
  { object, adopts, from }: Pick<PlannedObject, 'object' | 'adopts' | 'from'>,
  uid: string | undefined,
): HookReason {
  const { phase } = turnOf(object);
  return {
    why: 'hook',
    app: '',
    ...identityOf(object),
    uid,
    ...(adopts !== undefined && { adopts }),
    ...(from && { from: from.app }),
    isSameHook: (live) => {
      const turn = turnOf(live);
      return turn.deletePolicies !== undefined && turn.phase === phase;
    },
    isFormerDeployers: hasFormerDeployer,
  };
}
