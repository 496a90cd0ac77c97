import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { DriftlessError } from '../../lib/errors.ts';

/**
 * Makes this process the only owner of a folder, until it lets go or ends in whatever way: the lock is the name of an abstract Unix socket,
 * which the kernel gives to one process and takes back itself, so there is no stale lock to judge.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  mkdirSync(dir, { recursive: true });
  const { dev, ino } = statSync(dir);
  const server = createServer().unref();
  const listening = once(server, 'listening');
  server.listen(`\0driftless-journal-${dev}-${ino}`);
  await listening.catch((cause: unknown) => {
    const remedy = 'stop it, or use another folder';
    throw new DriftlessError('UsageInvalid', `${dir}: another driftless process works with this folder; ${remedy}`, {
      cause,
    });
  });
  return () => new Promise((done) => server.close(() => done()));
}
