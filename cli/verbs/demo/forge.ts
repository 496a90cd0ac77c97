// A forge on this machine: a Git server with one repository, a clone to commit in, and a signed webhook delivery after each push.
import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type GitServer, type RefUpdate, startGitServer } from '../../../dev/git-server.ts';

export type ForgeOptions = {
  /** An empty folder for the repository and its clone. */
  readonly folder: string;
  /** Files that the clone begins with. */
  readonly example: string;
  readonly webhookSecret: string;
};

export type Forge = {
  /** URL of the repository. */
  readonly url: string;
  /** Folder of the clone. */
  readonly clone: string;
  /** Where deliveries go from now on. */
  deliverTo(url: string): void;
  /** Writes files, commits all that is in the clone and pushes. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<Push>;
  /** Reverts the last commit and pushes. */
  revert(): Promise<Push>;
  stop(): Promise<void>;
};

/** A push that was accepted: its commit, and when the server had it, in milliseconds of the monotonic clock. */
export type Push = { readonly revision: string; readonly acceptedAt: number };

const REPOSITORY = 'shop';

const CLONE_CONFIG = {
  'user.name': 'demo',
  'user.email': 'demo@localhost',
  'commit.gpgSign': 'false',
  'branch.main.remote': 'origin',
  'branch.main.merge': 'refs/heads/main',
};

/** Starts the Git server with the example as its only repository; nothing is pushed yet. */
export async function startForge({ folder, example, webhookSecret }: ForgeOptions): Promise<Forge> {
  let endpoint: string | undefined;
  let acceptedAt = 0;
  const deliveries = new Set<Promise<void>>();
  const onPush = (_repository: string, updates: readonly RefUpdate[]): void => {
    acceptedAt = performance.now();
    for (const update of updates) {
      const delivery = deliver({ endpoint, url, update, webhookSecret }).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
    }
  };
  const server: GitServer = await startGitServer({ folder: join(folder, 'repositories'), onPush });
  const url = await server.createRepository(REPOSITORY);
  const clone = join(folder, 'clone');
  const git = (...args: string[]): Promise<string> => run(args, { clone, home: folder });
  await mkdir(clone);
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', url);
  // So that people can commit and push in the clone, whatever Git of theirs is set up for.
  for (const [key, value] of Object.entries(CLONE_CONFIG)) await git('config', key, value);
  await cp(example, clone, { recursive: true });

  const pushHead = async (): Promise<Push> => {
    await git('push', '--quiet', 'origin', 'main');
    return { revision: (await git('rev-parse', 'HEAD')).trim(), acceptedAt };
  };
  return {
    url,
    clone,
    deliverTo: (deployer) => {
      endpoint = deployer;
    },
    push: async (message, files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(clone, path)), { recursive: true });
        await writeFile(join(clone, path), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      return pushHead();
    },
    revert: async () => {
      await git('revert', '--no-edit', 'HEAD');
      return pushHead();
    },
    stop: async () => {
      await Promise.allSettled(deliveries);
      await server.stop();
    },
  };
}

async function run(
  args: readonly string[],
  { clone, home }: { readonly clone: string; readonly home: string },
): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  return (await promisify(execFile)('git', args, { cwd: clone, env })).stdout;
}

type DeliveryOptions = {
  readonly endpoint: string | undefined;
  readonly url: string;
  readonly update: RefUpdate;
  readonly webhookSecret: string;
};

/** What GitHub sends after a push, signed as GitHub signs it. A delivery that fails is found by the sweep. */
async function deliver({ endpoint, url, update, webhookSecret }: DeliveryOptions): Promise<void> {
  if (endpoint === undefined) return;
  const none = '0'.repeat(40);
  const repository = { full_name: `demo/${REPOSITORY}`, clone_url: url, html_url: url, default_branch: 'main' };
  const payload = { ref: update.ref, before: update.before ?? none, after: update.after ?? none, repository };
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  await fetch(endpoint, { method: 'POST', headers, body }).catch(() => undefined);
}
