import type { Clock } from '../ports/runtime.ts';
import type { Meta } from './schema/records.ts';

/** From then on somebody else has probably written. */
const RECENT_MS = 5_000;
const MOST = 5_000;

/**
 * What META items were when this process last read or wrote them. A guess that saves a read: a write on the condition that the guess is right
 * either happens or tells that it is not, so nobody may trust it for anything but such a write.
 */
export class RecentMetas {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #seen = new Map<string, { readonly meta: Meta; readonly at: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether META said so lately; only for what stays true once it is. */
  said(app: string, what: (meta: Meta) => boolean): boolean {
    const seen = this.#seen.get(app);
    return seen !== undefined && what(seen.meta);
  }

  /** META as it was then, however long ago; for whoever asks the table whether its version is still this one. */
  seen(app: string): Meta | undefined {
    return this.#seen.get(app)?.meta;
  }

  /** The guess, which is taken away: who uses it puts back what became of it. */
  take(app: string): Meta | undefined {
    const seen = this.#seen.get(app);
    this.#seen.delete(app);
    return seen !== undefined && Math.abs(this.#clock.now() - seen.at) < RECENT_MS ? seen.meta : undefined;
  }

  put(app: string, meta: Meta): void {
    this.#seen.delete(app);
    this.#seen.set(app, { meta, at: this.#clock.now() });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest);
  }
}
