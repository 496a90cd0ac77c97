// A load generator in a process of its own: signed push deliveries at a fixed rate, whatever becomes of those before. In: what to send, as JSON in the
// first argument. Out: milliseconds of each acknowledgement, as JSON on standard output; a delivery that was not answered with 202 is null.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';

export type Load = {
  readonly url: string;
  readonly secret: string;
  readonly repos: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
};

/** One push in so many is to the branch that is deployed; the others are to branches of people at work. */
const DEPLOYING = 11;

async function send(load: Load): Promise<readonly (number | null)[]> {
  const { origin, pathname } = new URL(load.url);
  const pool = new Pool(origin, { connections: 256 });
  const count = load.perSecond * load.seconds;
  const began = performance.now();
  const answers: Promise<number | null>[] = [];
  for (let n = 0; n < count; n += 1) {
    const due = began + (1000 * n) / load.perSecond;
    const early = due - performance.now();
    if (early > 1) await setTimeout(early);
    answers.push(
      deliver(pool, pathname, {
        ...load,
        repo: load.repos[n % load.repos.length] ?? '',
        ref: n % DEPLOYING === 0 ? 'main' : `feature-${n}`,
        due,
      }),
    );
  }
  const all = await Promise.all(answers);
  await pool.destroy();
  return all;
}

/** Timed from when it was due, so that a generator that is held up hides nothing. */
async function deliver(
  pool: Pool,
  path: string,
  { secret, repo, ref, due }: Load & { readonly repo: string; readonly ref: string; readonly due: number },
): Promise<number | null> {
  const body = JSON.stringify({
    ref: `refs/heads/${ref}`,
    before: randomBytes(20).toString('hex'),
    after: randomBytes(20).toString('hex'),
    repository: { full_name: 'bench/repository', clone_url: repo, html_url: repo, default_branch: 'main' },
  });
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  try {
    const reply = await pool.request({ method: 'POST', path, headers, body });
    await reply.body.dump();
    return reply.statusCode === 202 ? performance.now() - due : null;
  } catch {
    return null;
  }
}

process.stdout.write(JSON.stringify(await send(JSON.parse(process.argv[2] ?? '{}'))));
