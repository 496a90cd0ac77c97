// In: executions and their checkpoints. Out: files that a killed process leaves readable. One file of JSON lines for each execution that
// runs, to which checkpoints are appended; one small file for each that has ended. What may go wrong: a full disk, thrown as it comes; a
// torn last line was never acknowledged, and is cut off when the file is read.
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { OperationUpdate } from '@aws/durable-execution-sdk-js';
import { applyUpdates, type Ended, type Execution, merge, newExecution, passTime } from './execution.ts';

/** The first line of a file. */
type Start = { readonly name: string; readonly payload: string; readonly startedAt: number };

/** Every other line. */
type Checkpoint = { readonly at: number; readonly updates: readonly OperationUpdate[] };

const RETENTION_MS = 14 * 24 * 3_600_000;
const NEWLINE = 10;

/** The files of a journal. With `fsync` a checkpoint also survives the loss of power, at some milliseconds each. */
export class JournalFiles {
  readonly #running: string;
  readonly #ended: string;
  readonly #id: string;
  readonly #fsync: boolean;

  constructor(dir: string, fsync: boolean) {
    this.#running = join(dir, 'running');
    this.#ended = join(dir, 'ended');
    this.#id = join(dir, 'id');
    this.#fsync = fsync;
    fs.mkdirSync(this.#running, { recursive: true });
    fs.mkdirSync(this.#ended, { recursive: true });
  }

  /** Who these files belong to. */
  id(): string {
    if (!fs.existsSync(this.#id)) {
      fs.writeFileSync(`${this.#id}.new`, randomUUID());
      fs.renameSync(`${this.#id}.new`, this.#id);
    }
    return fs.readFileSync(this.#id, 'utf8');
  }

  create(start: Start): Execution {
    const size = this.#write(this.#runningFile(start.name), start, 0);
    this.#syncFolder(this.#running);
    return newExecution({ ...start, size });
  }

  append(to: Execution, checkpoint: Checkpoint): void {
    to.size += this.#write(this.#runningFile(to.name), checkpoint, to.size);
  }

  /** Replaces an execution's journal by how it ended. */
  end(ended: Ended): void {
    const file = this.#endedFile(ended.name);
    this.#write(`${file}.new`, ended, 0);
    fs.utimesSync(`${file}.new`, ended.endedAt / 1000, ended.endedAt / 1000);
    fs.renameSync(`${file}.new`, file);
    this.#syncFolder(this.#ended);
    fs.rmSync(this.#runningFile(ended.name), { force: true });
  }

  /** How an execution ended, until its retention is over. */
  ended(name: string): Ended | undefined {
    const file = this.#endedFile(name);
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Ended) : undefined;
  }

  /** All executions that have not ended, as far as their files are whole. */
  load(): Execution[] {
    return fs.readdirSync(this.#running).flatMap((file) => this.#loadOne(join(this.#running, file)) ?? []);
  }

  /** Forgets what ended more than 14 days ago. */
  sweep(now: number): void {
    for (const name of fs.readdirSync(this.#ended)) {
      const file = join(this.#ended, name);
      if (fs.statSync(file).mtimeMs < now - RETENTION_MS) fs.rmSync(file);
    }
  }

  #loadOne(file: string): Execution | undefined {
    const { lines, size } = wholeLines(fs.readFileSync(file));
    const [start, ...checkpoints] = lines as [Start | undefined, ...Checkpoint[]];
    if (start === undefined || fs.existsSync(this.#endedFile(start.name))) {
      fs.rmSync(file);
      return undefined;
    }
    fs.truncateSync(file, size);
    const execution = newExecution({ ...start, size });
    for (const { at, updates } of checkpoints) {
      passTime(execution, at);
      merge(execution, applyUpdates(execution.operations, updates, at));
    }
    return execution;
  }

  /** Writes at a position, so that a write which a full disk cut short is written over by the next. */
  #write(file: string, line: object, position: number): number {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const fd = fs.openSync(file, position === 0 ? 'w' : 'r+');
    try {
      for (let done = 0; done < bytes.length; )
        done += fs.writeSync(fd, bytes, done, bytes.length - done, position + done);
      if (this.#fsync) fs.fdatasyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    return bytes.length;
  }

  #syncFolder(folder: string): void {
    if (!this.#fsync) return;
    const fd = fs.openSync(folder, 'r');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }

  #runningFile(name: string): string {
    return join(this.#running, `${name}.jsonl`);
  }

  #endedFile(name: string): string {
    return join(this.#ended, `${name}.json`);
  }
}

/** The lines that end in a newline and are JSON, up to the first that is not, and the bytes they take. */
function wholeLines(bytes: Buffer): { readonly lines: readonly unknown[]; readonly size: number } {
  const lines: unknown[] = [];
  let size = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, size)) {
    const line = parse(bytes.toString('utf8', size, end));
    if (line === undefined) break;
    lines.push(line);
    size = end + 1;
  }
  return { lines, size };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
