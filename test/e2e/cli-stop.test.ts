// What ends `driftless dev` from outside: signals, and the end of the processes that have started it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN } from '../cli/driftless.ts';
import { startCli } from './cli-process.ts';

import.meta.jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POLL_MS = 20;

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: none
clusters: [{ name: none, cluster: { server: "https://127.0.0.1:59999" } }]
users: [{ name: none, user: { token: none } }]
contexts: [{ name: none, context: { cluster: none, user: none } }]
`;

let folder: string;
let args: readonly string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftless-stop-'));
  await mkdir(join(folder, 'config'));
  await writeFile(
    join(folder, 'config/project.yaml'),
    'apiVersion: driftless.dev/v1\nkind: Project\nmetadata: { name: shop }\nspec: { sourceRepos: ["**"], destinations: [] }\n',
  );
  await writeFile(join(folder, 'kubeconfig'), KUBECONFIG);
  const paths = ['--config', join(folder, 'config'), '--state', join(folder, 'state')];
  args = ['dev', ...paths, '--kubeconfig', join(folder, 'kubeconfig'), '--port', '0'];
});

afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

/** Resolves with the deployer's process id, once it has started. */
async function started(output: NodeJS.ReadableStream): Promise<number> {
  for await (const chunk of output) if (String(chunk).includes('press Ctrl-C to stop')) break;
  const state = join(folder, 'home/driftless');
  const [file = ''] = readdirSync(state);
  const announced: { readonly pid: number } = JSON.parse(readFileSync(join(state, file), 'utf8'));
  return announced.pid;
}

async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

test.each([
  ['SIGTERM', 'npm', ['npm', 'run', '--silent', 'driftless', '--']],
  ['SIGKILL', 'npm', ['npm', 'run', '--silent', 'driftless', '--']],
  ['SIGTERM', 'a shell that waits for it', ['/bin/sh', '-c', '"$@"; exit $?', 'sh', process.execPath, MAIN]],
] as const)(
  'S13: %s to %s ends the deployer, which gives back port and state',
  async (signal, _parent, [program, ...before]) => {
    const env = { ...process.env, XDG_STATE_HOME: join(folder, 'home') };
    const parent = spawn(program, [...before, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(parent, 'exit');
    const pid = await started(parent.stdout);
    parent.kill(signal);
    await ended;
    await gone(pid);

    // The same state folder is free for the next one.
    const next = startCli(args, { cwd: folder, env: { XDG_STATE_HOME: join(folder, 'home') } });
    await next.line(/^press Ctrl-C to stop$/);
    expect(await next.end('SIGTERM')).toEqual({ exitCode: 0, signal: null });
  },
);

test('the first Ctrl-C is answered at once and ends it cleanly', async () => {
  const dev = startCli(args, { cwd: folder, env: { XDG_STATE_HOME: join(folder, 'home') } });
  await dev.line(/^press Ctrl-C to stop$/);
  expect(await dev.end('SIGINT')).toEqual({ exitCode: 0, signal: null });
  expect(dev.said).toContain('stopping: no operation is in a step; press Ctrl-C again to end at once');
  expect(dev.family()).toEqual([]);
});
