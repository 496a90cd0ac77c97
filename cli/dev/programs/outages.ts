// In: programs that the deployer needs, and that may end by themselves. Out: while one is away, each request is answered with 503 and why; it is started again, or
// given up, which ends the deployer.
import { type Supervised, supervise } from '../../../dev/supervise.ts';
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/ports/runtime.ts';

type Answer = (request: Request) => Response | Promise<Response>;

type Program = { readonly ended: Promise<string>; stop(): Promise<void> };

type Needed<T> = {
  readonly name: string;
  readonly code: ErrorCode;
  readonly again: () => Promise<T>;
  readonly back?: (program: T) => Promise<void>;
};

/** What keeps the deployer from its work at this moment. */
export class Outages {
  readonly #log: Log;
  readonly #away = new Map<string, DriftlessError>();
  readonly #lost = Promise.withResolvers<DriftlessError>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Resolves when a program cannot be started again. */
  get lost(): Promise<DriftlessError> {
    return this.#lost.promise;
  }

  /** Looks after a program until it is stopped. */
  keep<T extends Program>(program: T, { name, code, again, back }: Needed<T>): Supervised {
    const supervised = supervise(program, {
      again,
      gone: (reason) => {
        this.#log.error('a program has ended, and is started again', { program: name, reason });
        this.#away.set(name, awayError(code, name, reason));
      },
      back: async (next) => {
        await back?.(next);
        this.#away.delete(name);
        this.#log.info('a program runs again', { program: name });
      },
    });
    void supervised.givenUp.then((reason) =>
      this.#lost.resolve(new DriftlessError('ControlPlaneFailed', `${name}: ${reason}`)),
    );
    return supervised;
  }

  /** Answers with what is away, if something is. */
  readonly gate =
    (answer: Answer): Answer =>
    (request) => {
      const [away] = this.#away.values();
      if (away === undefined) return answer(request);
      const { code, message, hint } = away;
      return Response.json({ error: { code, message, hint } }, { status: 503, headers: { 'retry-after': '5' } });
    };
}

function awayError(code: ErrorCode, name: string, reason: string): DriftlessError {
  const [why = 'it ended'] = reason.split('\n');
  return new DriftlessError(code, `${name}: ${why || 'it ended without a word'}; it is being started again`, {
    hint: 'try again in a few seconds; the log of the deployer has the reason',
  });
}
