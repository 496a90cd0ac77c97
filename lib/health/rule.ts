import type { Health } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** What a rule may use besides the object; times are milliseconds since 1970. */
export type HealthContext = {
  /** Without it, durations are ignored. */
  readonly now?: number;
  /** When waiting for the object began; earlier runs do not show the effect of what was applied. */
  readonly since?: number;
};

/** How objects of a kind are evaluated; the caller handles deletion and an outdated status first. */
export type Rule = {
  /** Applies even while the status is older than the change, such as a pause. */
  readonly early?: (object: KubeObject) => Health | undefined;
  /** The controller always writes `status.observedGeneration`: without it, the controller has not observed the object yet. */
  readonly observes?: true;
  readonly evaluate: (object: KubeObject, context: HealthContext) => Health;
};

/** As desired; has a message only where Healthy would surprise. */
export function healthy(message = ''): Health {
  return { status: 'Healthy', message };
}

/** In progress; the message says what it waits for. */
export function progressing(message: string): Health {
  return { status: 'Progressing', message };
}

/** Failed, or failing until a person or a controller acts. */
export function degraded(message: string): Health {
  return { status: 'Degraded', message };
}

/** Stopped on purpose. */
export function suspended(message: string): Health {
  return { status: 'Suspended', message };
}

/** Whether a state has lasted longer than this; false without a clock or a start time. */
export function lastedLongerThan(seconds: number, since: string | undefined, { now }: HealthContext): boolean {
  return now !== undefined && since !== undefined && now - Date.parse(since) > seconds * 1000;
}
