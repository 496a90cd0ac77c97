// Health of kinds without a rule of their own, after kstatus, with what most controllers agree on beyond it: names of conditions that mean a failure, and
// words for a phase. Only what says so now counts: a failure that a later success follows is history, and so is all of an older generation.
import type { Health } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { firstMet, type Step } from './by-conditions.ts';
import { byCondition, type Condition, conditionsOf } from './conditions.ts';
import { stoppedBy, words } from './custom-resources/status-rule.ts';
import { type HealthContext, hasJustBegun, healthy, type Rule } from './rule.ts';

/** What is True while it is so. */
const STATES: readonly Step[] = [
  ['Reconciling=True', 'Progressing'],
  ['Stalled=True', 'Degraded'],
  ['Degraded=True', 'Degraded'],
  ['Synced=False:ReconcilePaused', 'Suspended'],
];

/** The last change was not taken over, whatever else the status says of what was before. */
const NOT_TAKEN: readonly Step[] = [['Synced=False', 'Degraded', 'lasting']];

/** What stays True after it was so, where the controller goes on. */
const EVENTS: readonly string[] = ['Failed', 'Failure', 'Error', 'ReleaseFailed', 'Irreconcilable'];

/** What follows a failure that is over. */
const SUCCESSES: readonly string[] = ['Ready', 'Available', 'Healthy', 'Succeeded', 'Complete', 'Completed'];

/** What is True when all is well, in kinds without `Ready`. */
const GOALS: readonly string[] = [
  'Available',
  'Healthy',
  'Deployed',
  'Synced',
  'Accepted',
  'Programmed',
  'Valid',
  'Configured',
  'Succeeded',
];

const MESSAGES = ['status.message', 'status.reason', 'status.error', 'status.errorMessage'];

const FAILED_PHASE = { Degraded: 'Failed|Failure|Error|Errored|Degraded|Rejected|Invalid' };

/** Where controllers write one word for all. */
const PHASES = ['status.phase', 'status.state', 'status.status', 'status.clusterStatus'];

const OPEN_PHASE = {
  Progressing:
    'Pending|Creating|Provisioning|Initializing|Initialising|Installing|Configuring|Deploying|Starting|Reconciling|Progressing|InProgress|Updating|Upgrading|Scaling|Restarting|Terminating|Deleting',
  Suspended: 'Paused|Suspended|Hibernated',
};

const stopped = [stoppedBy('spec.suspend'), stoppedBy('spec.suspended'), stoppedBy('spec.paused')];
const failedPhase = PHASES.map((path) => words(path, FAILED_PHASE, ...MESSAGES));
const openPhase = PHASES.map((path) => words(path, OPEN_PHASE, ...MESSAGES));

/** Health of any other kind. Without anything that is known here an object is Healthy as soon as it exists: nothing shows that a controller works on it. */
export const generic: Rule = {
  early: (object) => firstOf(stopped, object),
  evaluate: (object, context) => {
    const conditions = conditionsOf(object);
    return (
      firstMet(STATES, conditions) ??
      lastingFailure(conditions) ??
      firstOf(failedPhase, object) ??
      firstMet(NOT_TAKEN, conditions, context) ??
      readiness(conditions) ??
      achievement(conditions, context) ??
      firstOf(openPhase, object) ??
      healthy()
    );
  },
};

function firstOf(parts: readonly { opinion(object: KubeObject): Health | undefined }[], object: KubeObject) {
  return parts.map((part) => part.opinion(object)).find((health) => health !== undefined);
}

/** A failure that no later success follows. */
function lastingFailure(conditions: readonly Condition[]): Health | undefined {
  const failure = conditions.find(({ type, status }) => EVENTS.includes(type) && status === 'True');
  if (failure === undefined) return undefined;
  const isOver = conditions.some(
    ({ type, status, lastTransitionTime: at = '' }) =>
      SUCCESSES.includes(type) && status === 'True' && at > (failure.lastTransitionTime ?? ''),
  );
  return isOver ? undefined : byCondition('Degraded', failure);
}

/** Most controllers begin with `Ready` False: it waits. `NotReady` is what others write of a failure. */
function readiness(conditions: readonly Condition[]): Health | undefined {
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready !== undefined) return ready.status === 'True' ? healthy() : byCondition('Progressing', ready);
  return firstMet(
    [
      ['NotReady=True:Creating', 'Progressing'],
      ['NotReady=True', 'Degraded'],
    ],
    conditions,
  );
}

/** The first goal that is not reached decides. */
function achievement(conditions: readonly Condition[], context: HealthContext): Health | undefined {
  const goals = GOALS.flatMap((name) => conditions.find(({ type }) => type === name) ?? []);
  const open = goals.find(({ status }) => status === 'False') ?? goals.find(({ status }) => status !== 'True');
  if (open === undefined) return goals.some(({ type }) => type === 'Available') ? healthy() : undefined;
  if (open.status !== 'False') return byCondition('Progressing', open);
  const isUnderWay = conditions.some(({ type, status }) => type === 'Progressing' && status === 'True');
  const mayPass = isUnderWay || hasJustBegun(open.lastTransitionTime, context);
  return byCondition(mayPass ? 'Progressing' : 'Degraded', open);
}
