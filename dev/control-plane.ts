// In: the control plane, from its package or as the setup has built it. Out: a running Kubernetes API server of one's own. May fail when it is not built, or
// when one of its components does not come up. It never outlives this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DriftlessError } from '../lib/errors.ts';
import { controlPlaneBinary } from './cache.ts';
import { platformPackage } from './setup/packaged.mjs';

const MEMORY = '/dev/shm';
const MEMORY_BYTES = 1024 * 1024 * 1024;
const STOP_LIMIT_MS = 5_000;
const LOG_BYTES = 4_096;

/** A running control plane of one's own: API server, controllers, scheduler and two nodes whose pods are played. */
export interface ControlPlane {
  /** YAML that names the server, its certificate authority and an administrator's token. */
  readonly kubeconfig: string;
  readonly kubeconfigPath: string;
  readonly server: string;
  /** Git version of the API server, `v1.36.3`. */
  readonly version: string;
  readonly pid: number;
  /** Resolves when it has ended, with how, and the end of its log. */
  readonly ended: Promise<string>;
  /** Ends it and removes its data. Throws ControlPlaneFailed where it had ended by itself before, with the end of its log. */
  stop(): Promise<void>;
}

export type ControlPlaneOptions = {
  /** Where its temporary folder is made; by default memory where there is enough, else the system's place for such folders. */
  readonly dataDir?: string;
  /** The folder of one that has ended, which the new one takes over: its kubeconfig is found where the other's was. */
  readonly dir?: string;
  /** Where `control-plane.log` is kept; by default it goes with the data. */
  readonly logDir?: string;
};

const Ready = z.object({ kubeconfig: z.string(), server: z.string(), version: z.string() });
const Failure = z.object({ failure: z.string() });

/** Starts a control plane and waits until pods can be created in it, some seconds. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binary = installedBinary();
  if (options.logDir !== undefined) await mkdir(options.logDir, { recursive: true });
  const dir = options.dir ?? (await mkdtemp(join(options.dataDir ?? (await defaultDataDir()), 'driftless-')));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const log = await open(join(options.logDir ?? dir, 'control-plane.log'), 'w+');
  // A session of its own: Ctrl-C reaches the parent only, which can still use the API server while it winds up.
  const child = spawn(binary, ['--dir', dir], { stdio: ['pipe', 'pipe', log.fd], detached: true });
  const ended = endOf(child, { dir, log });
  const answer = await Promise.race([firstLine(child), ended.then(() => '')]);
  const ready = Ready.safeParse(parsed(answer));
  if (!ready.success || child.pid === undefined) {
    const { status, lastLines } = await ended;
    const reason = Failure.safeParse(parsed(answer)).data?.failure ?? `it ended with ${status}`;
    throw new DriftlessError('ControlPlaneFailed', `control plane: ${reason}; its log ends with:\n${lastLines}`);
  }
  let stopped: Promise<void> | undefined;
  return {
    ...ready.data,
    kubeconfigPath: join(dir, 'admin.kubeconfig'),
    pid: child.pid,
    ended: ended.then(({ status, lastLines }) => `it ended with ${status}; its log ends with:\n${lastLines}`),
    stop: () => {
      stopped ??= stop(child, ended);
      return stopped;
    },
  };
}

function installedBinary(): string {
  const binary = controlPlaneBinary();
  if (binary === undefined)
    throw new DriftlessError(
      'PrerequisiteMissing',
      `control plane: package ${platformPackage('control-plane')} is not installed; install driftless with its optional dependencies`,
    );
  if (existsSync(binary)) return binary;
  throw new DriftlessError('PrerequisiteMissing', 'control plane: it is not built; run: npm run setup -- --cluster');
}

type End = { readonly status: string; readonly lastLines: string };

/** Resolves when the process has ended, after its data is gone. */
async function endOf(child: ChildProcess, files: { readonly dir: string; readonly log: FileHandle }): Promise<End> {
  child.stdin?.on('error', () => undefined);
  const status = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(`${signal ?? `exit code ${code}`}`));
  });
  const lastLines = await endOfLog(files.log);
  await files.log.close();
  await rm(files.dir, { recursive: true, force: true });
  return { status, lastLines };
}

async function stop(child: ChildProcess, ended: Promise<End>): Promise<void> {
  const wasRunning = child.exitCode === null && child.signalCode === null;
  if (wasRunning) {
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
    return;
  }
  const { status, lastLines } = await ended;
  throw new DriftlessError(
    'ControlPlaneFailed',
    `control plane: it ended with ${status}; its log ends with:\n${lastLines}`,
  );
}

async function endOfLog(log: FileHandle): Promise<string> {
  const { size } = await log.stat();
  const start = Math.max(0, size - LOG_BYTES);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(LOG_BYTES), 0, LOG_BYTES, start);
  return buffer.toString('utf8', 0, bytesRead).trimEnd();
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return '';
  const [line] = await once(createInterface({ input: stdout }), 'line');
  return String(line);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Memory makes the store fast and leaves nothing behind; containers often have only 64 MB of it. */
async function defaultDataDir(): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= MEMORY_BYTES ? MEMORY : tmpdir();
}
