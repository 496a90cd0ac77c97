// How the services of AWS are spoken to: which operation a request is, and how it is answered, in each service's protocol.
import type { IncomingMessage, ServerResponse } from 'node:http';

type Fields = Readonly<Record<string, unknown>>;
type Protocol = 'json' | 'query' | 'rest';

/** A call as a service receives it. */
export type AwsCall = {
  /** `secretsmanager.GetSecretValue`. */
  readonly operation: string;
  readonly input: Fields;
  readonly headers: IncomingMessage['headers'];
  /** Whose credentials signed it. */
  readonly accessKeyId: string | undefined;
};

/** What a service answers: fields, or bytes for an operation whose answer is nothing but a payload. */
export type AwsAnswer = {
  readonly fields?: Fields;
  readonly payload?: Uint8Array | string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An error of a service, by the name that SDKs know it by. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status = 400, message = 'in other words') {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const QUERY_SERVICES: Readonly<Record<string, string>> = {
  '2011-06-15': 'sts',
  '2010-03-31': 'sns',
  '2010-08-01': 'cloudwatch',
};

/** Reads which operation a request is; undefined for what this fake does not speak. */
export function readCall(
  request: IncomingMessage,
  body: Buffer,
): { readonly call: AwsCall; readonly protocol: Protocol } | undefined {
  const { headers } = request;
  const accessKeyId = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  const read = readRest(request, body) ?? readTarget(request, body) ?? readQuery(body);
  if (read === undefined) return undefined;
  const { protocol, operation, input } = read;
  return { protocol, call: { operation, input, headers, accessKeyId } };
}

type Read = { readonly protocol: Protocol; readonly operation: string; readonly input: Fields };

function readRest({ url = '', method, headers }: IncomingMessage, body: Buffer): Read | undefined {
  const { pathname, searchParams } = new URL(url, 'http://aws');
  const cluster = /^\/clusters\/([^/]+)$/.exec(pathname)?.[1];
  if (method === 'GET' && cluster !== undefined)
    return { protocol: 'rest', operation: 'eks.DescribeCluster', input: { name: decodeURIComponent(cluster) } };
  const durable = /^\/2025-12-01\/durable-executions\/([^/]+)\/(checkpoint|state)$/.exec(pathname);
  if (durable !== null) {
    const operation = durable[2] === 'state' ? 'lambda.GetDurableExecutionState' : 'lambda.CheckpointDurableExecution';
    const asked = method === 'GET' ? Object.fromEntries(searchParams) : JSON.parse(body.toString('utf8'));
    return {
      protocol: 'rest',
      operation,
      input: { ...asked, DurableExecutionArn: decodeURIComponent(durable[1] ?? '') },
    };
  }
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname)?.[1];
  if (invoked === undefined) return undefined;
  const input = {
    FunctionName: decodeURIComponent(invoked),
    InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse',
    DurableExecutionName: headers['x-amz-durable-execution-name'],
    Payload: body.toString('utf8'),
  };
  return { protocol: 'rest', operation: 'lambda.Invoke', input };
}

function readTarget({ headers }: IncomingMessage, body: Buffer): Read | undefined {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return undefined;
  const operation = target.replace(/^GraniteServiceVersion20100801\./, 'cloudwatch.');
  return { protocol: 'json', operation, input: JSON.parse(body.toString('utf8')) };
}

function readQuery(body: Buffer): Read | undefined {
  const { Action, Version = '', ...input } = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  const service = QUERY_SERVICES[Version];
  return service === undefined ? undefined : { protocol: 'query', operation: `${service}.${Action}`, input };
}

/** Writes an answer in the protocol of its call. */
export function sendAnswer(response: ServerResponse, protocol: Protocol, call: AwsCall, answer: AwsAnswer): void {
  const { fields = {}, payload, status = 200, headers = {} } = answer;
  if (payload !== undefined) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(payload);
  } else if (protocol === 'query') {
    const action = call.operation.split('.')[1];
    const result = `<${action}Result>${xmlOf(fields)}</${action}Result>`;
    const metadata = '<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>';
    response.writeHead(status, { 'content-type': 'text/xml', ...headers });
    response.end(`<${action}Response>${result}${metadata}</${action}Response>`);
  } else {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(fields));
  }
}

/** Writes an error in the protocol of its call. */
export function sendError(response: ServerResponse, protocol: Protocol, { code, status, message }: AwsError): void {
  if (protocol === 'query') {
    const error = `<Error><Type>Sender</Type>${xmlOf({ Code: code, Message: message })}</Error>`;
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, message }));
}

function xmlOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, field]) => `<${name}>${xmlOf(field)}</${name}>`)
      .join('');
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
