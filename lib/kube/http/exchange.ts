import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { DriftlessError } from '../../errors.ts';

export type RawRequest = {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Called once connected, right before the request is written; the exchange fails with what it throws. */
  readonly guard?: (() => void) | undefined;
  /** Leaves a zipped response zipped. */
  readonly keepZipped?: boolean;
};

export type RawResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Set instead of a body where a stream was requested and the server agreed. */
  readonly stream?: Readable;
};

/** The longest response; a page of a list stays far below. */
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_ERROR_BYTES = 1024 * 1024;

const unzip = promisify(gunzip);

/** Sends a request once and reads the whole response, unzipped unless `keepZipped` is set. */
export async function exchange(pool: Dispatcher, request: RawRequest): Promise<RawResponse> {
  const response = await dispatch(pool, request);
  if (request.keepZipped || response.headers['content-encoding'] !== 'gzip') return response;
  return { ...response, body: await unzipped(response.body, request) };
}

/** Unzips the body of a response. */
export async function unzipped(body: Buffer, { method, path }: Pick<RawRequest, 'method' | 'path'>): Promise<Buffer> {
  try {
    return await unzip(body, { maxOutputLength: MAX_BYTES, chunkSize: 1 << 18 });
  } catch (cause) {
    const message = `${method} ${path}: the response is not gzip, or longer than ${MAX_BYTES} bytes`;
    throw new DriftlessError('ApiServerRejected', message, { cause });
  }
}

// undici's lowest level: half the CPU of its request(), and the only way to act right before the bytes are sent.
function dispatch(pool: Dispatcher, request: RawRequest): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let head: Pick<RawResponse, 'status' | 'headers'> = { status: 0, headers: {} };
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

function optionsOf({ method, path, headers, body }: RawRequest): Dispatcher.DispatchOptions {
  return { method, path, headers, body: body ?? null };
}

function tooLong({ method, path }: RawRequest): DriftlessError {
  return new DriftlessError('ApiServerRejected', `${method} ${path}: the response is longer than ${MAX_BYTES} bytes`);
}

/** Sends a request and leaves the response open until the signal; an error response is read whole. */
export async function openStream(
  pool: Dispatcher,
  request: RawRequest,
  { signal, idleMs }: { readonly signal: AbortSignal; readonly idleMs: number },
): Promise<RawResponse> {
  const response = await pool.request<null>({ ...optionsOf(request), signal, bodyTimeout: idleMs });
  const { statusCode: status, headers, body } = response;
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
