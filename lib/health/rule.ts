import type { Health, HealthStatus } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** A rule of the configuration for objects of some kinds; it goes before ours. */
export type OwnRule = {
  /** Undefined where the rule has nothing to say: then ours judge. */
  readonly judge: (object: KubeObject, context: HealthContext) => Health | undefined;
  /** The rule looks at `observedGeneration` itself; without that, a status older than the change waits. */
  readonly readsGeneration: boolean;
};

/** The rules of a cluster's configuration; undefined for an object to which none applies. */
export type OwnRules = (object: Pick<KubeObject, 'apiVersion' | 'kind'>) => OwnRule | undefined;

/** What a rule may use besides the object; times are milliseconds since 1970. */
export type HealthContext = {
  /** Without it, durations are ignored. */
  readonly now?: number;
  /** When waiting for the object began; earlier runs do not show the effect of what was applied. */
  readonly since?: number;
  /** Without it, the configuration has no rules. */
  readonly rules?: OwnRules;
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
export function healthy(message = '', reason = ''): Health {
  return judged('Healthy', message, reason);
}

/** In progress; the message says what it waits for. */
export function progressing(message: string, reason: string): Health {
  return judged('Progressing', message, reason);
}

/** Failed, or failing until a person or a controller acts. */
export function degraded(message: string, reason: string): Health {
  return judged('Degraded', message, reason);
}

/** Stopped on purpose. */
export function suspended(message: string, reason = 'Suspended'): Health {
  return judged('Suspended', message, reason);
}

/** What cannot be told. */
export function unknown(message: string, reason: string): Health {
  return judged('Unknown', message, reason);
}

/** A health with the reason as one word in CamelCase; words that the cluster separates are joined, and an empty reason is absent. */
export function judged(status: HealthStatus, message: string, reason: string): Health {
  const isLoud = /^[A-Z\d_]+$/.test(reason);
  const word = reason
    .split(/[^A-Za-z\d]+/)
    .map((part) => part.charAt(0).toUpperCase() + (isLoud ? part.slice(1).toLowerCase() : part.slice(1)))
    .join('')
    .slice(0, MAX_REASON_LENGTH);
  return word === '' ? { status, message } : { status, message, reason: word };
}

const MAX_REASON_LENGTH = 80;

/** What is new, or is being changed, is not available for a while. */
const GRACE_SECONDS = 300;

/** Whether a state has begun so lately that it may pass by itself. Without a clock, or without a time, it counts as lasting. */
export function hasJustBegun(since: string | undefined, context: HealthContext): boolean {
  if (context.now === undefined || since === undefined) return false;
  return !lastedLongerThan(GRACE_SECONDS, since, context);
}

/** Whether a state has lasted longer than this; false without a clock or a start time. */
export function lastedLongerThan(seconds: number, since: string | undefined, { now }: HealthContext): boolean {
  return now !== undefined && since !== undefined && now - Date.parse(since) > seconds * 1000;
}
