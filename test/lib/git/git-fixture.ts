import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitServerOptions, startGitServer } from '../../../dev/git-server.ts';
import { createGit, type GitOptions } from '../../../lib/git/git.ts';
import type { FileTree } from '../../../lib/model/source-tree.ts';
import type { Git, GitLog } from '../../../lib/ports/git.ts';
import { openRepository, type Repository } from './git-cli.ts';
import { type Recorded, startRecordingProxy } from './recording-proxy.ts';

/** A client, a server with one repository, and a record of every request in between. */
export type GitFixture = {
  readonly git: Git & GitLog;
  readonly repository: Repository;
  /** Where the server has its repositories. */
  readonly folder: string;
  /** The repository's address. */
  readonly url: string;
  readonly requests: Recorded[];
  /** Another client of the same server. */
  client(options?: Partial<GitOptions>): Git & GitLog;
  stop(): Promise<void>;
};

export const noSecrets = { gitCredentials: async () => undefined };

export async function startGitFixture(options: Omit<GitServerOptions, 'folder'> = {}): Promise<GitFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-server-'));
  const server = await startGitServer({ ...options, folder });
  const proxy = await startRecordingProxy(server.url);
  const path = new URL(await server.createRepository('shop')).pathname;
  const client = (some: Partial<GitOptions> = {}) => createGit({ secrets: noSecrets, ...some });
  return {
    git: client(),
    repository: openRepository(join(folder, 'shop.git')),
    folder,
    url: `${proxy.url}${path}`,
    requests: proxy.requests,
    client,
    stop: async () => {
      await proxy.stop();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A file tree as an object of texts, for comparing. */
export function texts(tree: FileTree): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
}

/** What a checkout of one path has. */
export async function checkoutOf(
  git: Git,
  url: string,
  revision: string,
  ...paths: string[]
): Promise<Record<string, string>> {
  const snapshot = await git.open(url, revision);
  return texts(await snapshot.checkout(paths));
}
