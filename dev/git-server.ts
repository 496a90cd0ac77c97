// In: a folder. Out: its bare repositories over smart HTTP, served by the machine's own Git as a forge would, with a call after each push. May go
// wrong: no Git on the machine, or one without `git http-backend`.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** A ref before and after a push; undefined where it was not there. */
export type RefUpdate = { readonly ref: string; readonly before?: string; readonly after?: string };

export type GitServerOptions = {
  /** Where the repositories are, each a bare one named `NAME.git`. */
  readonly folder: string;
  /** Whether clients may leave blobs out; on by default. */
  readonly allowFilter?: boolean;
  /** Whether clients may ask for any object by its id; on by default. */
  readonly allowAnySHA1InWant?: boolean;
  /** Asked of every client. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Called before the client of a push that changed something hears that it is done; a failure here breaks the client's connection. */
  readonly onPush?: (repository: string, updates: readonly RefUpdate[]) => Promise<void> | void;
};

export type GitServer = {
  readonly url: string;
  /** Makes an empty repository whose first branch is `main`; gives its URL. */
  createRepository(name: string): Promise<string>;
  stop(): Promise<void>;
};

type Refs = ReadonlyMap<string, string>;

/** Serves on a free port of 127.0.0.1. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const git = new GitBackend(options);
  const server = createServer((request, response) => {
    git.serve(request, response).catch(() => response.destroy());
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  return {
    url,
    createRepository: async (name) => {
      await git.run(['init', '--quiet', '--bare', '--initial-branch=main', join(options.folder, `${name}.git`)]);
      return `${url}/${name}.git`;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      git.stop();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs the machine's Git, under no configuration but ours. */
class GitBackend {
  readonly #options: GitServerOptions;
  readonly #children = new Set<ChildProcessWithoutNullStreams>();
  /** The end of the last push to each repository; one at a time, so that a push is told from the next one. */
  readonly #pushes = new Map<string, Promise<void>>();

  constructor(options: GitServerOptions) {
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAllowed(request, this.#options.credentials)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const push = /^\/(?<repository>[^/]+)\.git\/git-receive-pack$/.exec(url.pathname)?.groups?.['repository'];
    if (push === undefined) await this.#answer({ request, response, url });
    else await this.#inTurn(push, () => this.#receive(push, { request, response, url }));
  }

  /** Runs a command and gives what it prints. */
  async run(args: readonly string[]): Promise<string> {
    const child = this.#spawn(args, {});
    child.stdin.end();
    const ended = once(child, 'close');
    const [output, words] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await ended;
    if (code !== 0) throw new Error(`git ${args[0]} failed (${code}): ${words.trim()}`);
    return output;
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  async #inTurn(repository: string, push: () => Promise<void>): Promise<void> {
    const before = this.#pushes.get(repository) ?? Promise.resolve();
    const turn = before.then(push);
    const settled = turn.catch(() => undefined);
    this.#pushes.set(repository, settled);
    await turn;
  }

  async #receive(repository: string, exchange: Exchange): Promise<void> {
    const before = await this.#refs(repository);
    await this.#answer(exchange, async () => {
      const updates = compare(before, await this.#refs(repository));
      if (updates.length > 0) await this.#options.onPush?.(repository, updates);
    });
  }

  async #refs(repository: string): Promise<Refs> {
    const folder = join(this.#options.folder, `${repository}.git`);
    const lines = await this.run(['--git-dir', folder, 'for-each-ref', '--format=%(objectname) %(refname)']);
    const refs = lines.split('\n').filter((line) => line !== '');
    return new Map(refs.map((line) => [line.slice(41), line.slice(0, 40)]));
  }

  /** Hands a request to `git http-backend` and its answer back; `last` runs before the end of the answer is sent. */
  async #answer({ request, response, url }: Exchange, last: () => Promise<void> = async () => {}): Promise<void> {
    const child = this.#spawn(['http-backend'], this.#cgi(request, url));
    const ended = once(child, 'close');
    const sent = pipeline(request, child.stdin).catch(() => child.kill('SIGKILL'));
    child.stderr.resume();
    const { head, rest } = await readHead(child.stdout);
    writeHead(response, head);
    response.write(rest);
    await pipeline(child.stdout, response, { end: false });
    await Promise.all([ended, sent]);
    await last();
    response.end();
  }

  #cgi({ method, headers }: IncomingMessage, { pathname, search }: URL): Readonly<Record<string, string>> {
    return {
      GIT_PROJECT_ROOT: this.#options.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REQUEST_METHOD: method ?? 'GET',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    };
  }

  #spawn(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
    const { allowFilter = true, allowAnySHA1InWant = true } = this.#options;
    const configuration = [
      ['http.receivepack', 'true'],
      ['uploadpack.allowFilter', String(allowFilter)],
      ['uploadpack.allowAnySHA1InWant', String(allowAnySHA1InWant)],
      ['safe.directory', '*'],
      ['gc.auto', '0'],
    ];
    const child = spawn('git', args, {
      env: {
        PATH: process.env['PATH'],
        HOME: tmpdir(),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_COUNT: String(configuration.length),
        ...Object.fromEntries(configuration.flatMap(configurationEntry)),
        ...env,
      },
    });
    child.stdin.on('error', () => {}); // a process that does not read may be gone already; its exit code tells all
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly url: URL };

/** A setting as Git reads it from its environment. */
function configurationEntry([key, value]: readonly string[], index: number): [string, string | undefined][] {
  return [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ];
}

function isAllowed({ headers }: IncomingMessage, credentials: GitServerOptions['credentials']): boolean {
  if (credentials === undefined) return true;
  const { username, password } = credentials;
  const expected = Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  const actual = Buffer.from(headers.authorization ?? '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Reads a CGI answer up to the end of its head, and what came with it. */
async function readHead(stdout: Readable): Promise<{ readonly head: string; readonly rest: Buffer }> {
  let read = Buffer.alloc(0);
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf('\r\n\r\n');
    if (end >= 0) return { head: read.toString('latin1', 0, end), rest: read.subarray(end + 4) };
  }
  throw new Error('git http-backend gave no answer');
}

/** Without a Status line it is 200. */
function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}

function compare(before: Refs, after: Refs): readonly RefUpdate[] {
  const updates = [...new Set([...before.keys(), ...after.keys()])].map((ref) => {
    const [old, now] = [before.get(ref), after.get(ref)];
    return { ref, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
  });
  return updates.filter((update) => before.get(update.ref) !== after.get(update.ref));
}
