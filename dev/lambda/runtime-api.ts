// In: the event that a function works on. Out: the Runtime API of Lambda, as every process beside that function finds it on the loopback interface. Each process that
// reaches it gets the event, and may answer in the function's name. Requests are recorded, so that a test sees them.
import { once } from 'node:events';
import { createServer } from 'node:http';

export type RuntimeApi = {
  /** Host and port, the value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** `GET /2018-06-01/runtime/invocation/next`, in order. */
  readonly requests: readonly string[];
  stop(): void;
};

/** Serves it on a free port; gives every caller what `event` returns. */
export async function serveRuntimeApi(event: () => unknown): Promise<RuntimeApi> {
  const requests: string[] = [];
  const server = createServer(({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    response.setHeader('lambda-runtime-aws-request-id', 'local');
    response.end(JSON.stringify(event()));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    requests,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
