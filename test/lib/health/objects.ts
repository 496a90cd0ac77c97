import { healthOf } from '../../../lib/health/health.ts';
import type { HealthContext } from '../../../lib/health/rule.ts';
import type { Health, HealthStatus } from '../../../lib/model/health.ts';
import type { KubeObject, ObjectMeta } from '../../../lib/model/kube-object.ts';

type Parts = { readonly metadata?: Partial<ObjectMeta>; readonly spec?: unknown; readonly status?: unknown };

/** Makes objects of one kind, in generation 2 unless told otherwise. */
export function kind(apiVersion: string, name: string): (parts: Parts) => KubeObject {
  return ({ metadata, ...rest }) => ({
    apiVersion,
    kind: name,
    metadata: { name: 'api', namespace: 'shop', generation: 2, ...metadata },
    ...rest,
  });
}

/** A condition as controllers write it. */
export function condition(assignment: string, reason = '', message = '') {
  const [type, status] = assignment.split('=');
  return { type, status, reason, message };
}

/** One line of a table: what is the case, the object, and its health. */
export type Row = readonly [situation: string, object: KubeObject, status: HealthStatus, message: string];

/** A row's health as the rule says it, and as the table says it; reasons stand in the fixtures. */
export function judged([, object, status, message]: Row, context?: HealthContext): readonly [Health, Health] {
  const { reason: _, ...health } = healthOf(object, context);
  return [health, { status, message }];
}
