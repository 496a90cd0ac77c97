import { announceDeployer } from '../client/local-deployers.ts';
import { type Interruption, onceInterrupted } from './interrupted.ts';
import type { Deployer } from './wiring.ts';

/** A process that runs until it is interrupted. */
export type Running = {
  /** Resolves when it is interrupted; what is being finished has been printed then. */
  readonly interrupted: Promise<Interruption>;
  /** From now on verbs on this machine find the deployer, and an interruption names its operations. Gives what undoes that. */
  readonly serve: (deployer: Deployer) => Promise<() => Promise<void>>;
};

/** Listens for Ctrl-C and the like from now on. */
export function runUntilInterrupted(): Running {
  let serving: Deployer | undefined;
  const interrupted = onceInterrupted((cause) => {
    process.stderr.write(`${stopping(cause, serving?.inStep())}\n`);
  });
  return {
    interrupted,
    serve: (deployer) => {
      serving = deployer;
      return announceDeployer(deployer);
    },
  };
}

/** What an interruption prints; operations are absent while the deployer is starting. */
export function stopping(cause: Interruption, operations: readonly string[] | undefined): string {
  const finished = {
    starting: 'the start is being undone',
    idle: 'no operation is in a step',
    busy: `finishing the current step of ${operations?.join(', ')}, at most 10 s`,
  }[operations === undefined ? 'starting' : operations.length === 0 ? 'idle' : 'busy'];
  const then = cause === 'SIGINT' ? '; press Ctrl-C again to end at once' : '';
  const why = cause === 'SIGINT' ? '' : ` (${cause})`;
  return `stopping${why}: ${finished}${then}`;
}
