// Work that may take longer than a second, on standard error: how long it has taken, and what it is doing.
import { duration } from './table.ts';

/** Before that, nothing is printed; in a log there is a line now and then. */
const QUIET_MS = 1_000;
const REDRAW_MS = 250;
const LOG_EVERY_MS = 15_000;

type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

/** Shows what is being done at this moment. */
export type Progress = (detail: string) => void;

/** Does the work and shows its progress: on a terminal one line that is redrawn and in the end erased, else a line every 15 seconds. */
export async function withProgress<T>(
  what: string,
  work: (progress: Progress) => Promise<T>,
  terminal: Terminal = process.stderr,
): Promise<T> {
  const began = performance.now();
  let detail = '';
  let isDrawn = false;
  const draw = (): void => {
    const tookMs = performance.now() - began;
    if (tookMs < QUIET_MS) return;
    const line = `${what}: ${duration(tookMs)}${detail && `, ${detail}`}`;
    isDrawn = terminal.isTTY;
    terminal.write(terminal.isTTY ? `\r\u001b[K${line.slice(0, (terminal.columns || 80) - 1)}` : `${line}\n`);
  };
  const timer = setInterval(draw, terminal.isTTY ? REDRAW_MS : LOG_EVERY_MS).unref();
  try {
    return await work((text) => {
      detail = text;
    });
  } finally {
    clearInterval(timer);
    if (isDrawn) terminal.write('\r\u001b[K');
  }
}
