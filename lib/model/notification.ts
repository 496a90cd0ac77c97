/** What people are told of; each only when it changes. */
export type NotificationKind =
  | 'drift.opened'
  | 'drift.changed'
  | 'drift.resolved'
  | 'drift.fighting'
  | 'drift.failing'
  | 'cluster.unreachable'
  | 'cluster.reachable'
  | 'alarm.rolledBack'
  | 'alarm.checked'
  | 'health.degraded'
  | 'health.recovered'
  | 'source.lost'
  | 'source.found'
  | 'deployment.failed'
  | 'deployment.refused'
  | 'deployment.recovered';

/** A message for people, which also machines can sort by its fields. No value of a Secret is ever in it. */
export type Notification = {
  readonly kind: NotificationKind;
  /** ISO 8601. */
  readonly at: string;
  readonly app?: string;
  readonly cluster?: string;
  /** One sentence without a full stop. */
  readonly title: string;
  /** What there is to know beyond the title, a line each. */
  readonly lines: readonly string[];
};
