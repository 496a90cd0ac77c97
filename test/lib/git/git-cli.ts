import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';

/** What is under a path: bytes, an executable, the target of a link, or the commit of a submodule. */
export type Content =
  | string
  | Uint8Array
  | { readonly executable: string }
  | { readonly link: string }
  | { readonly submodule: string };

export type Files = Readonly<Record<string, Content>>;

/** A bare repository, driven by the machine's own Git under no configuration. */
export type Repository = {
  readonly folder: string;
  /** Runs Git there; gives what it prints, without the last line break. */
  git(...args: string[]): Promise<string>;
  /** The same, byte for byte, with something to read. */
  gitBytes(args: readonly string[], input?: Uint8Array): Promise<Buffer>;
  /** Adds these files to `main`; gives the commit. An orphan has no parent and no other files. */
  commit(files: Files, options?: { readonly orphan: boolean }): Promise<string>;
  remove(): Promise<void>;
};

/** A new one in a temporary folder. */
export async function createRepository(): Promise<Repository> {
  const repository = openRepository(await mkdtemp(join(tmpdir(), 'driftless-git-')));
  await repository.git('init', '--quiet', '--bare', '--initial-branch=main');
  return repository;
}

export function openRepository(folder: string): Repository {
  const gitBytes = (args: readonly string[], input: Uint8Array = Buffer.alloc(0)) => runGit(folder, args, input);
  const git = async (...args: string[]) => (await gitBytes(args)).toString('utf8').replace(/\n$/, '');
  let head: string | undefined;
  return {
    folder,
    git,
    gitBytes,
    commit: async (files, { orphan } = { orphan: false }) => {
      const stream = importStream(files, orphan ? undefined : head);
      const output = await gitBytes(['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--force'], stream);
      head = output.toString('latin1').trim();
      return head;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function runGit(folder: string, args: readonly string[], input: Uint8Array): Promise<Buffer> {
  const child = spawn('git', args, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
    },
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}); // a command that does not read may be gone already; its exit code tells all
  child.stdin.end(input);
  const [output, words] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`git ${args[0]} failed: ${words}`);
  return output;
}

/** A commit in the language of `git fast-import`, which makes thousands of files in a moment. */
function importStream(files: Files, parent: string | undefined): Buffer {
  const head = `commit refs/heads/main\nmark :1\ncommitter Ada <ada@example.org> 1767225600 +0000\ndata 6\nchange\n`;
  const from = parent === undefined ? '' : `from ${parent}\n`;
  const changes = Object.entries(files).map(([path, content]) => changeOf(path, content));
  return Buffer.concat([Buffer.from(head + from), ...changes, Buffer.from('\nget-mark :1\n')]);
}

function changeOf(path: string, content: Content): Buffer {
  if (typeof content === 'string' || content instanceof Uint8Array) return inline('100644', path, content);
  if ('executable' in content) return inline('100755', path, content.executable);
  if ('link' in content) return inline('120000', path, content.link);
  return Buffer.from(`M 160000 ${content.submodule} ${path}\n`);
}

function inline(mode: string, path: string, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`M ${mode} inline ${path}\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}
