// The smallest client of an API server, for tests of the control plane itself: requests, and watching until something is so.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { z } from 'zod';

const Kubeconfig = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.base64() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

type Reply = { readonly status: number; readonly body: Record<string, unknown> };

/** Who asks, and whom it trusts; by default what the kubeconfig says. */
type Identity = { readonly ca?: string; readonly headers?: Readonly<Record<string, string>> };

export interface ApiServer {
  get(path: string): Promise<Reply>;
  create(path: string, object: object): Promise<Reply>;
  /** The first state of an object that satisfies; fails when there is none within the seconds. */
  until<T>(path: string, name: string, satisfied: (object: unknown) => T | undefined, seconds?: number): Promise<T>;
  close(): Promise<void>;
}

export function openApiServer(kubeconfigPath: string, identity: Identity = {}): ApiServer {
  const { clusters, users } = Kubeconfig.parse(parse(readFileSync(kubeconfigPath, 'utf8')));
  const { server, 'certificate-authority-data': encoded } = clusters[0].cluster;
  const ca = identity.ca ?? Buffer.from(encoded, 'base64').toString('utf8');
  const headers = identity.headers ?? { authorization: `Bearer ${users[0].user.token}` };
  const dispatcher = new Agent({ connect: { ca } });

  async function send(method: 'GET' | 'POST', path: string, body?: string): Promise<Reply> {
    const options = { dispatcher, method, headers: { ...headers, 'content-type': 'application/json' } };
    const reply = await request(`${server}${path}`, body === undefined ? options : { ...options, body });
    return { status: reply.statusCode, body: z.record(z.string(), z.unknown()).parse(await reply.body.json()) };
  }

  return {
    get: (path) => send('GET', path),
    create: (path, object) => send('POST', path, JSON.stringify(object)),
    async until(path, name, satisfied, seconds = 30) {
      const query = `watch=1&fieldSelector=metadata.name=${name}&timeoutSeconds=${seconds}`;
      const { body } = await request(`${server}${path}?${query}`, { dispatcher, headers });
      let last = 'nothing';
      for await (const line of linesOf(body)) {
        const { object } = z.object({ object: z.unknown() }).parse(JSON.parse(line));
        const answer = satisfied(object);
        if (answer !== undefined) return answer;
        last = line;
      }
      throw new Error(`${path}/${name}: not as wanted after ${seconds} s; last seen: ${last}`);
    },
    close: () => dispatcher.close(),
  };
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
