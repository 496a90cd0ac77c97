// Death in a test: from one call to the outside world on nothing that the victim does has an effect, and nothing is ever answered to it. That
// is what a process that is killed looks like from outside, without the half second that starting another one takes.

/** Where somebody dies: at which call, counted from 1, and whether that call is still made. */
export type Death = { readonly call: number; readonly when: 'before' | 'after' };

/** Methods that answer at once and change nothing. */
const HARMLESS = new Set(['watch', 'oid', 'now', 'monotonic', 'bind', 'info', 'warn', 'error']);

export class Mortal {
  #death: Death | undefined;
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
  dieIn({ call, when }: Death): void {
    this.#death = { call: this.#calls.length + call, when };
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
          this.call(`${name}.${String(property)}`, async () => Reflect.apply(value, target, args));
      },
    });
  }

  /** Makes one call, unless dead before it; answers, unless dead after it. */
  async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    const alive = this.#begins(name);
    if (!alive) return never();
    const [result] = await Promise.allSettled([work()]);
    if (this.#isDeath(alive.number, 'after')) this.kill(`after ${name}`);
    if (this.#dead) return never();
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  #begins(name: string): { readonly number: number } | undefined {
    if (this.#dead) return undefined;
    const number = this.#calls.push(name);
    if (!this.#isDeath(number, 'before')) return { number };
    this.kill(`before ${name}`);
    return undefined;
  }

  #isDeath(number: number, when: Death['when']): boolean {
    return this.#death?.call === number && this.#death.when === when;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
