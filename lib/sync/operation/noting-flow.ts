import { asDriftlessError, type DriftlessError } from '../../errors.ts';
import type { Flow } from '../../ports/workflow.ts';

/** Is told of each attempt: of an error that is tried again, or of none. */
export type NoteAttempt = (error: DriftlessError | undefined) => Promise<void>;

/** A flow whose attempts are told of while they are made, so that people see what an operation that does not get on is waiting for. */
export function notingFlow(flow: Flow, note: NoteAttempt): Flow {
  const noted = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      await note(undefined);
      return result;
    } catch (thrown) {
      const error = asDriftlessError(thrown);
      if (error.retry) await note(error);
      throw thrown;
    }
  };
  return {
    step: (name, work) => flow.step(name, () => noted(work)),
    sleep: (name, seconds) => flow.sleep(name, seconds),
    poll: (name, initial, work) => flow.poll(name, initial, (state) => noted(() => work(state))),
  };
}
