import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An S3 of one process: objects by path, put and get; a test can make it answer something else first. */
export type S3Server = {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Errors that the next requests get instead, in this order. */
  readonly failures: { readonly status: number; readonly code: string }[];
  readonly requests: string[];
  stop(): Promise<void>;
};

/** Starts it on a free port of this machine. */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const failures: S3Server['failures'] = [];
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://s3');
    requests.push(`${request.method} ${pathname}`);
    const body = await bodyOf(request);
    const failure = failures.shift();
    if (failure !== undefined) sendError(response, failure);
    else if (request.method === 'PUT') put(response, objects, { pathname, body });
    else get(response, objects.get(pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    failures,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function put(
  response: ServerResponse,
  objects: Map<string, Buffer>,
  { pathname, body }: { readonly pathname: string; readonly body: Buffer },
): void {
  objects.set(pathname, body);
  response.writeHead(200, { etag: '"0"' }).end();
}

function get(response: ServerResponse, object: Buffer | undefined): void {
  if (object === undefined) sendError(response, { status: 404, code: 'NoSuchKey' });
  else response.writeHead(200, { 'content-length': object.length }).end(object);
}

function sendError(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>in other words</Message></Error>`,
  );
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
