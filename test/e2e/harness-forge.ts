// A forge for tests: a Git server with as many repositories as are asked for, a clone of each to commit in, and after each push a signed
// delivery, whose answer is there when the push is done.
import { createHmac, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GitServerOptions, type RefUpdate, startGitServer } from '../../dev/git-server.ts';
import { openRepository } from '../lib/git/git-cli.ts';

export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** What a delivery says. */
export type Announced = { readonly url: string } & RefUpdate;

/** Files by path in the repository; undefined removes one. */
export type Changes = Readonly<Record<string, string | undefined>>;

export type ForgeRepository = {
  readonly url: string;
  /** Commits these changes and pushes them; gives the commit. */
  push(changes: Changes, message?: string): Promise<string>;
  /** Takes the last commit back and pushes that, by force; gives the commit that is the head again. */
  pushBack(): Promise<string>;
  /** Runs Git in the clone. */
  git(...args: string[]): Promise<string>;
};

export type Forge = {
  createRepository(name: string): Promise<ForgeRepository>;
  /** Where deliveries go from now on; undefined: nowhere. */
  deliverTo(deliver: ((update: Announced) => Promise<unknown>) | undefined): void;
  stop(): Promise<void>;
};

export async function startForge(
  folder: string,
  credentials: GitServerOptions['credentials'] | undefined,
): Promise<Forge> {
  let deliver: ((update: Announced) => Promise<unknown>) | undefined;
  let stopped: Promise<void> | undefined;
  const server = await startGitServer({
    folder: join(folder, 'repositories'),
    ...(credentials && { credentials }),
    onPush: async (repository, updates) => {
      const url = `${server.url}/${repository}.git`;
      await Promise.all(updates.map((update) => deliver?.({ url, ...update })));
    },
  });
  return {
    async createRepository(name) {
      const url = await server.createRepository(name);
      const remote = new URL(url);
      if (credentials) Object.assign(remote, credentials);
      return { url, ...(await openClone(join(folder, 'clones', name), remote.href)) };
    },
    deliverTo(to) {
      deliver = to;
    },
    stop: () => {
      stopped ??= server.stop();
      return stopped;
    },
  };
}

async function openClone(folder: string, remote: string): Promise<Omit<ForgeRepository, 'url'>> {
  await mkdir(folder, { recursive: true });
  const { git } = openRepository(folder);
  await git('init', '--quiet', '--initial-branch=main');
  return {
    git,
    async push(changes, message = 'change') {
      for (const [path, text] of Object.entries(changes)) await change(join(folder, path), text);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', `--message=${message}`);
      await git('push', '--quiet', remote, 'main');
      return git('rev-parse', 'HEAD');
    },
    async pushBack() {
      await git('reset', '--quiet', '--hard', 'HEAD~1');
      await git('push', '--quiet', '--force', remote, 'main');
      return git('rev-parse', 'HEAD');
    },
  };
}

async function change(file: string, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const NO_COMMIT = '0'.repeat(40);

/** What GitHub sends after a push. */
export function githubDelivery({ url, ref, before, after }: Announced, secret: string): Delivery {
  const repository = { full_name: 'acme/shop', clone_url: url, html_url: url, default_branch: 'main' };
  const body = JSON.stringify({ ref, before: before ?? NO_COMMIT, after: after ?? NO_COMMIT, repository });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  };
}

/** What GitLab sends after a push, with the secret as its token. */
export function gitlabDelivery({ url, ref, before, after }: Announced, secret: string): Delivery {
  const project = { git_http_url: url, web_url: url, default_branch: 'main' };
  return {
    body: JSON.stringify({ ref, before: before ?? NO_COMMIT, after: after ?? NO_COMMIT, project }),
    headers: {
      'content-type': 'application/json',
      'x-gitlab-event': 'Push Hook',
      'x-gitlab-event-uuid': randomUUID(),
      'x-gitlab-token': secret,
    },
  };
}
