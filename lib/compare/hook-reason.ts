import { hasFormerDeployer } from '../managed-fields/takeover.ts';
import { turnOf } from '../order/hooks.ts';
import { identityOf } from '../ownership/labels.ts';
import type { DeletionReason } from '../ownership/may-delete.ts';
import type { Desired } from '../plan/desired.ts';

type HookReason = Extract<DeletionReason, { why: 'hook' }>;

/** What the rule about deletions is told of a hook whose object is to be replaced, or removed at its end. */
export function hookReason({ object }: Pick<Desired, 'object'>, uid: string | undefined): HookReason {
  const { phase } = turnOf(object);
  return {
    why: 'hook',
    app: '',
    ...identityOf(object),
    uid,
    isSameHook: (live) => {
      const turn = turnOf(live);
      return turn.deletePolicies !== undefined && turn.phase === phase;
    },
    isFormerDeployers: hasFormerDeployer,
  };
}
