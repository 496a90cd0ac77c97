import type { Application } from '../model/application.ts';
import { parseApplication } from './schema/application.ts';

/** Characters of stored text in all. */
const MOST = 20_000_000;

type Kept = { readonly stored: string; readonly app: Application };

/** Applications that this process has read, by the very text that is stored: what has not changed is not parsed and looked through again. */
export class RecentSpecs {
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  /** Starts anew where there is too much; applications that are there no more go in that way, too. */
  parse(name: string, stored: string): Application {
    const kept = this.#kept.get(name);
    if (kept?.stored === stored) return kept.app;
    const app = parseApplication(name, stored);
    this.#size += stored.length - (kept?.stored.length ?? 0);
    if (this.#size > MOST) {
      this.#kept.clear();
      this.#size = stored.length;
    }
    this.#kept.set(name, { stored, app });
    return app;
  }
}
