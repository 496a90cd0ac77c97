import { z } from 'zod';

const Terminated = z.object({
  exitCode: z.number().default(0),
  reason: z.string().default(''),
  message: z.string().default(''),
});

const State = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  running: z.object({ startedAt: z.string().default('') }).optional(),
  terminated: Terminated.optional(),
});

/** An entry of a pod's `status.containerStatuses` or `status.initContainerStatuses`. */
export const ContainerStatus = z.object({
  name: z.string().default(''),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: State.prefault({}),
  lastState: State.prefault({}),
});

type ContainerStatus = z.infer<typeof ContainerStatus>;

/** What is wrong with a container, as a sentence and as one word. */
export type ContainerProblem = { readonly message: string; readonly reason: string };

/** At the second restart the kubelet has already backed off once, so the crash has repeated. */
const RESTARTS_OF_A_LOOP = 2;

/** Why a container cannot start; undefined where it can, or has not been tried. Repeated crashes are reported by `crashProblem`. */
export function startProblem({ name, state: { waiting } }: ContainerStatus): ContainerProblem | undefined {
  if (waiting === undefined || waiting.reason === 'CrashLoopBackOff') return undefined;
  if (!isStartError(waiting.reason)) return undefined;
  return { message: sentence(`container ${name}`, waiting.reason, waiting.message), reason: waiting.reason };
}

/** Why a container does not keep running; a single crash is not enough. `unreadySince` is when its pod stopped being ready. */
export function crashProblem(container: ContainerStatus, unreadySince = ''): ContainerProblem | undefined {
  const { name, restartCount: restarts, state, lastState } = container;
  const end = state.terminated ?? lastState.terminated;
  if (state.waiting?.reason === 'CrashLoopBackOff')
    return {
      message: sentence(
        `container ${name}`,
        'CrashLoopBackOff',
        `${end ? `${exitOf(end)}, ` : ''}restarts: ${restarts}`,
        end?.message,
      ),
      reason: 'CrashLoopBackOff',
    };
  if (container.ready || restarts < RESTARTS_OF_A_LOOP || end === undefined || end.exitCode === 0) return undefined;
  const wasReadySince = state.running !== undefined && unreadySince > state.running.startedAt;
  if (wasReadySince) return undefined;
  return {
    message: sentence(`container ${name}`, 'keeps crashing', `${exitOf(end)}, restarts: ${restarts}`, end.message),
    reason: 'KeepsCrashing',
  };
}

/** How a container of a failed pod ended; undefined where it succeeded. */
export function failure({ name, state: { terminated } }: ContainerStatus): ContainerProblem | undefined {
  if (terminated === undefined || terminated.exitCode === 0) return undefined;
  return {
    message: sentence(`container ${name}`, exitOf(terminated), terminated.message),
    reason: terminated.reason || 'Error',
  };
}

/** The kubelet's reasons follow this pattern, except one: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go */
function isStartError(reason: string): boolean {
  return /^Err|Error$|BackOff$/.test(reason) || reason === 'InvalidImageName';
}

function exitOf({ exitCode, reason }: z.infer<typeof Terminated>): string {
  return reason === '' || reason === 'Error' ? `exit code ${exitCode}` : `exit code ${exitCode} (${reason})`;
}

function sentence(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(': ');
}
