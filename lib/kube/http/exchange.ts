import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { DriftlessError } from '../../errors.ts';

export type Exchange = {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Called when the connection is there and the next thing would be to write; what it throws is what the exchange fails with. */
  readonly guard?: (() => void) | undefined;
  /** Leaves a zipped answer as it is. */
  readonly keepZipped?: boolean;
};

export type RawReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Set instead of a body where a stream was asked for and the server agreed. */
  readonly stream?: Readable;
};

/** An answer may not be longer; a page of a list stays far below. */
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;

const unzip = promisify(gunzip);

/** Sends one request once and reads the answer whole; unzipped, unless it is wanted as it is. */
export async function exchange(pool: Dispatcher, request: Exchange): Promise<RawReply> {
  const reply = await dispatch(pool, request);
  if (request.keepZipped || reply.headers['content-encoding'] !== 'gzip') return reply;
  return { ...reply, body: await unzipped(reply.body, request) };
}

/** The bytes of an answer that came zipped. */
export async function unzipped(body: Buffer, { method, path }: Pick<Exchange, 'method' | 'path'>): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: MAX_BYTES, chunkSize: 1 << 18 });
  } catch (cause) {
    const message = `${method} ${path}: the answer is not gzip, or longer than ${MAX_BYTES} bytes`;
    throw new DriftlessError('ApiServerRejected', message, { cause });
  }
}

// undici's lowest level: half the CPU of its request(), and the only place where one can act right before the bytes leave.
function dispatch(pool: Dispatcher, request: Exchange): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let head: Pick<RawReply, 'status' | 'headers'> = { status: 0, headers: {} };
    pool.dispatch(optionsOf(request), {
      onRequestStart: () => request.guard?.(),
      onResponseStart: (_controller, status, headers) => {
        head = { status, headers };
      },
      onResponseData: (controller, chunk) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BYTES) controller.abort(tooLong(request));
      },
      onResponseEnd: () => resolve({ ...head, body: Buffer.concat(chunks) }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

function optionsOf({ method, path, headers, body }: Exchange): Dispatcher.DispatchOptions {
  return { method, path, headers, body: body ?? null };
}

function tooLong({ method, path }: Exchange): DriftlessError {
  return new DriftlessError('ApiServerRejected', `${method} ${path}: the answer is longer than ${MAX_BYTES} bytes`);
}

/** Sends one request and leaves the answer open, until the signal; an error's answer is read whole. */
export async function openStream(
  pool: Dispatcher,
  request: Exchange,
  { signal, idleMs }: { readonly signal: AbortSignal; readonly idleMs: number },
): Promise<RawReply> {
  const reply = await pool.request<null>({ ...optionsOf(request), signal, bodyTimeout: idleMs });
  const { statusCode: status, headers, body } = reply;
  if (status === 200) return { status, headers, body: Buffer.alloc(0), stream: body };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ERROR_BYTES) break;
  }
  return { status, headers, body: Buffer.concat(chunks) };
}
