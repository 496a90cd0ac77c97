// Death in a test: from one call to the outside world on nothing that the victim does has an effect, and nothing is ever answered to it. That
// is what a process that is killed looks like from outside, without the half second that starting another one takes.

/** Where somebody dies: at which call, counted from 1, of any or of one kind alone, and whether that call is still made. */
export type Death = { readonly call: number; readonly of?: string; readonly when: 'before' | 'after' };

/** Methods that answer at once and change nothing. */
const HARMLESS = new Set(['watch', 'oid', 'now', 'monotonic', 'bind', 'info', 'warn', 'error']);

export class Mortal {
  #death: Death | undefined;
  /** Calls that do not count for the death. */
  #outlived = 0;
  readonly #died = Promise.withResolvers<string>();
  readonly #calls: string[] = [];
  #dead = false;

  constructor(death?: Death) {
    this.#death = death;
  }

  /** Resolves with the name of the call at which it died. */
  get died(): Promise<string> {
    return this.#died.promise;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** The calls made so far. */
  get calls(): readonly string[] {
    return this.#calls;
  }

  /** Dies so many calls from now. */
  dieIn(death: Death): void {
    this.#outlived = this.#calls.length;
    this.#death = death;
  }

  kill(where: string): void {
    this.#dead = true;
    this.#died.resolve(where);
  }

  /** A port as the mortal has it. */
  bind<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, property) => {
        const value = Reflect.get(target, property);
        if (typeof value !== 'function' || HARMLESS.has(String(property))) return value;
        return (...args: readonly unknown[]) =>
          this.call(`${name}.${callName(property, args)}`, async () => Reflect.apply(value, target, args));
      },
    });
  }

  /** Makes one call, unless dead before it; answers, unless dead after it. */
  async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#dead) return never();
    this.#calls.push(name);
    const end = this.#isFatal(name) ? this.#death?.when : undefined;
    if (end === 'before') {
      this.kill(`before ${name}`);
      return never();
    }
    const [result] = await Promise.allSettled([work()]);
    if (end === 'after') this.kill(`after ${name}`);
    if (this.#dead) return never();
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  /** Whether the call that was just begun is the last. */
  #isFatal(name: string): boolean {
    if (this.#death === undefined) return false;
    const { call, of } = this.#death;
    const counted = this.#calls.slice(this.#outlived).filter((one) => of === undefined || of === one);
    return counted.length === call && (of === undefined || of === name);
  }
}

/** What only asks is told from what changes something. */
function callName(method: string | symbol, args: readonly unknown[]): string {
  const isDryRun = args.some(
    (arg) => typeof arg === 'object' && arg !== null && 'dryRun' in arg && arg.dryRun === true,
  );
  return isDryRun ? 'dryRun' : String(method);
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
