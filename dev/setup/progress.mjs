// Long work, seen from the terminal: how long it has taken and what it is at, on standard error.

const LINE_EVERY_MS = 15_000;

/** Does the work and shows how it goes on: one line that rewrites itself on a terminal, else a line now and then. */
export async function withProgress(what, work) {
  const started = performance.now();
  const terminal = process.stderr.isTTY;
  let detail = '';
  const show = () => {
    const line = `${what}: ${elapsed(performance.now() - started)}${detail}`;
    process.stderr.write(terminal ? `\r\x1b[K${line.slice(0, process.stderr.columns - 1)}` : `${line}\n`);
  };
  show();
  const timer = setInterval(show, terminal ? 1000 : LINE_EVERY_MS);
  try {
    await work((text) => {
      detail = `, ${text}`;
    });
    detail = ', done';
  } catch (error) {
    detail = ', failed';
    throw error;
  } finally {
    clearInterval(timer);
    show();
    if (terminal) process.stderr.write('\n');
  }
}

function elapsed(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
