import type { Health } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** What a rule may know besides the object; times are milliseconds since 1970. */
export type HealthContext = {
  /** Without it, nothing is judged by how long it has lasted. */
  readonly now?: number;
  /** When waiting for the object began; a run that was before tells nothing of what was applied. */
  readonly since?: number;
};

/** How objects of a kind are judged; deletion and an outdated status are dealt with before it is asked. */
export type Rule = {
  /** What holds even when the status is older than the change, such as a pause. */
  readonly early?: (object: KubeObject) => Health | undefined;
  /** The controller always writes `status.observedGeneration`: without it, it has not come round yet. */
  readonly observes?: true;
  readonly judge: (object: KubeObject, context: HealthContext) => Health;
};

/** As desired; says something only where that would surprise. */
export function healthy(message = ''): Health {
  return { status: 'Healthy', message };
}

/** On its way; the message is what it waits for. */
export function progressing(message: string): Health {
  return { status: 'Progressing', message };
}

/** Failed, or failing until somebody acts. */
export function degraded(message: string): Health {
  return { status: 'Degraded', message };
}

/** Stopped on purpose. */
export function suspended(message: string): Health {
  return { status: 'Suspended', message };
}

/** Whether something that began then has lasted longer than this; undecided without a clock or a time, so no. */
export function lastedLongerThan(seconds: number, since: string | undefined, { now }: HealthContext): boolean {
  return now !== undefined && since !== undefined && now - Date.parse(since) > seconds * 1000;
}
