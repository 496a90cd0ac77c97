// One setup at a time. The lock is a socket in Linux's abstract namespace: the kernel gives it to one process and takes it back
// when that one ends, however it ends, so there is no stale lock.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const RETRY_MS = 200;

/** Does the work while no other process of this user works on the same thing; waits for its turn. */
export async function withLock(thing, work) {
  const key = createHash('sha256').update(thing).digest('hex').slice(0, 16);
  const server = await take(`\0driftless-setup-${process.getuid()}-${key}`);
  try {
    return await work();
  } finally {
    server.close();
  }
}

async function take(name) {
  for (let waiting = false; ; waiting = true) {
    const server = await listen(name);
    if (server !== undefined) return server;
    if (!waiting) process.stderr.write('another setup is at work; waiting for it to end\n');
    await wait(RETRY_MS);
  }
}

/** A server of that name; undefined when another process has it. */
function listen(name) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}
