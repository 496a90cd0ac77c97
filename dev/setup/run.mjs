// A command whose output is of interest only when it fails.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const LINES_KEPT = 30;

/** Runs a command to its end and tells every line it prints; one that fails is an error with the last of them. */
export function run(command, args, { cwd, env, onLine }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const last = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line);
        if (last.length > LINES_KEPT) last.shift();
        onLine?.(line);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`${command} ${args[0]}: ended with ${signal ?? code}; it said:\n${last.join('\n')}`));
    });
  });
}
