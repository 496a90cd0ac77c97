// Commits and the people behind operations, as the command line shows them.
import type { Commit } from '../../lib/model/commit.ts';
import type { Trigger } from '../../lib/model/operation.ts';
import { whoOf } from '../../lib/model/who.ts';

/** Triggers whose `by` is a person, or an alarm. Deliveries and scans have long names that mean nothing to people. */
const ORDERS: readonly Trigger['kind'][] = ['manual', 'adopt', 'rollback', 'resume'];

/** Who, or which alarm, has ordered an operation; undefined where no one has. */
export function orderedBy({ kind, by }: Trigger): string | undefined {
  // A resumption of an earlier version is recorded as the configuration's; what machines write there has no person's name.
  return by !== undefined && ORDERS.includes(kind) ? whoOf(by) : undefined;
}

/** `ada: Raise the memory (signed)`. */
export function commitText({ author, subject, signed }: Commit): string {
  return `${author}: ${subject}${signed ? ' (signed)' : ''}`;
}
