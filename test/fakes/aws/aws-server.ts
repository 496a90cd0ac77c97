import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsAnswer, type AwsCall, AwsError, readCall, sendAnswer, sendError } from './wire.ts';

/** Answers one operation; throws an {@link AwsError} for what the service would refuse. */
export type AwsOperation = (call: AwsCall) => AwsAnswer | Promise<AwsAnswer>;

/**
 * What may go wrong with a call. `lost answer` does what was asked and then breaks the connection; with the others nothing is done. An AwsError is any other
 * refusal.
 */
type AwsFailure =
  | 'throttled'
  | 'server error'
  | 'denied'
  | 'expired credentials'
  | 'silence'
  | 'hang up'
  | 'lost answer'
  | AwsError;

type Planned = {
  /** `lambda.Invoke`; `*` is every operation. */
  readonly operation: string;
  readonly failure: AwsFailure;
  /** Calls that still go well before; then so many fail. */
  after: number;
  times: number;
};

/** One server for all services of AWS that are spoken to. */
export type AwsServer = {
  readonly endpoint: string;
  /** Every call, also those that failed. */
  readonly calls: readonly AwsCall[];
  /** Lets calls of an operation fail: the next one, or `times` of them, after `after` good ones. */
  fail(operation: string, failure: AwsFailure, plan?: { readonly after?: number; readonly times?: number }): void;
  /** Failures that are planned and have not come about. */
  pending(): number;
  /** Everything goes well from now on. */
  heal(): void;
  stop(): Promise<void>;
};

/** Starts it on a free port of this machine. */
export async function startAwsServer(operations: Readonly<Record<string, AwsOperation>>): Promise<AwsServer> {
  const calls: AwsCall[] = [];
  const planned: Planned[] = [];
  const server = createServer(async (request, response) => {
    const read = readCall(request, await bodyOf(request));
    if (read === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { call, protocol } = read;
    calls.push(call);
    try {
      const failure = due(planned, call.operation);
      if (failure !== undefined && failure !== 'lost answer') throw failure;
      const operation = operations[call.operation];
      if (operation === undefined) throw new AwsError('UnknownOperationException', 404);
      const answer = await operation(call);
      if (failure === 'lost answer') throw 'hang up';
      sendAnswer(response, protocol, call, answer);
    } catch (thrown) {
      refuse(response, thrown, (error) => sendError(response, protocol, error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    fail: (operation, failure, { after = 0, times = 1 } = {}) =>
      void planned.push({ operation, failure, after, times }),
    pending: () => planned.reduce((sum, { times }) => sum + times, 0),
    heal: () => void planned.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The failure that is planned for this very call. */
function due(planned: Planned[], operation: string): AwsFailure | undefined {
  const concerned = planned.filter((one) => one.times > 0 && [operation, '*'].includes(one.operation));
  const failing = concerned.find(({ after }) => after === 0);
  for (const one of concerned) if (one.after > 0) one.after -= 1;
  if (failing !== undefined) failing.times -= 1;
  return failing?.failure;
}

const ERRORS: Readonly<Record<string, AwsError>> = {
  throttled: new AwsError('ThrottlingException', 429),
  'server error': new AwsError('InternalServerError', 500),
  denied: new AwsError('AccessDeniedException', 403),
  'expired credentials': new AwsError('ExpiredTokenException', 403),
};

function refuse(response: ServerResponse, thrown: unknown, send: (error: AwsError) => void): void {
  if (thrown === 'silence') return;
  if (thrown === 'hang up') response.destroy();
  else if (thrown instanceof AwsError) send(thrown);
  else send(ERRORS[String(thrown)] ?? new AwsError('InternalFailure', 500, String(thrown)));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
