// A Git server with one repository, whose branch a test moves as pushes, force pushes and reverts would.
import { join } from 'node:path';
import { startGitServer } from '../../dev/git-server.ts';
import { openRepository } from '../lib/git/git-cli.ts';
import type { Files } from './example.ts';

export type TestRepository = {
  readonly url: string;
  /** Makes these files a commit on top of another one, or a first one; gives its id. */
  commit(files: Files, parent?: string): Promise<string>;
  /** Moves `main`, whether or not that leaves commits behind. */
  push(revision: string): Promise<void>;
  stop(): Promise<void>;
};

export async function openTestRepository(folder: string): Promise<TestRepository> {
  const server = await startGitServer({ folder });
  const url = await server.createRepository('shop');
  const { git, gitBytes } = openRepository(join(folder, 'shop.git'));
  let commits = 0;
  return {
    url,
    async commit(files, parent) {
      commits += 1;
      const stream = importStream(files, { ref: `refs/commits/${commits}`, parent });
      return (await gitBytes(['fast-import', '--quiet', '--force'], Buffer.from(stream))).toString('latin1').trim();
    },
    async push(revision) {
      await git('update-ref', 'refs/heads/main', revision);
    },
    stop: () => server.stop(),
  };
}

type Place = { readonly ref: string; readonly parent: string | undefined };

/** In the language of `git fast-import`; the reference only keeps the commit from being collected. */
function importStream(files: Files, { ref, parent }: Place): string {
  const head = `commit ${ref}\nmark :1\ncommitter Ada <ada@example.org> 1767225600 +0000\ndata ${ref.length}\n${ref}\n`;
  const from = parent === undefined ? '' : `from ${parent}\n`;
  const content = Object.entries(files).map(([path, text]) => {
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  });
  return `${head}${from}deleteall\n${content.join('')}\nget-mark :1\n`;
}
