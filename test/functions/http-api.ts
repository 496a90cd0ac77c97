// An HTTP API of API Gateway with an IAM authorizer, as far as a caller and a function can tell: TLS, signatures, policies, events in payload format 2.0.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { signerOf } from '../fakes/aws/signature.ts';

export type HttpApiEvent = APIGatewayProxyEventV2WithIAMAuthorizer;

/** Somebody with a key. */
type Principal = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userArn: string;
  /** What policies allow. */
  readonly methods: readonly string[];
};

type HttpApiOptions = {
  readonly region: string;
  readonly principals: readonly Principal[];
  readonly invoke: (event: HttpApiEvent) => Promise<unknown>;
};

export type HttpApi = {
  /** On this machine; a domain of its own, as the command line sees it. */
  readonly url: string;
  /** Every request, with the status that it was answered with. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
};

const tls = (file: string) => fileURLToPath(new URL(`../fixtures/tls/${file}`, import.meta.url));

/** Whom callers have to trust, a file. */
export const AUTHORITY = tls('authority-old.crt');

/** Starts it on a free port. */
export async function startHttpApi({ region, principals, invoke }: HttpApiOptions): Promise<HttpApi> {
  const requests: string[] = [];
  const keys = Object.fromEntries(principals.map((one) => [one.accessKeyId, one.secretAccessKey]));

  async function answer(request: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
    const { method = '', url: target = '' } = request;
    const body = await text(request);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const verifier = { service: 'execute-api', region, keys, now: Date.now() };
    const id = signerOf({ method, target, headers, body }, verifier);
    const principal = principals.find(({ accessKeyId }) => accessKeyId === id);
    if (principal === undefined || !principal.methods.includes(method))
      return { statusCode: 403, body: '{"message":"Forbidden"}' };
    return (await invoke(eventOf({ method, target, headers, body }, principal))) as APIGatewayProxyStructuredResultV2;
  }

  const server = createServer(
    { cert: readFileSync(AUTHORITY), key: readFileSync(tls('authority-old.key')) },
    (request, response) => {
      answer(request)
        .catch(() => ({ statusCode: 500, body: '{"message":"Internal Server Error"}' }))
        .then((result) => send(request, response, result))
        .catch(() => response.destroy());
    },
  );

  async function send(
    { method, url }: IncomingMessage,
    response: ServerResponse,
    { statusCode = 200, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2,
  ): Promise<void> {
    requests.push(`${method} ${url} ${statusCode}`);
    response.writeHead(statusCode, { 'content-type': 'application/json', ...(headers as Record<string, string>) });
    response.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Sent = {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Caller = Pick<Principal, 'accessKeyId' | 'userArn'>;

/** What the function is handed for a request: the path decoded, the query as it was sent, a JSON body as text. */
export function eventOf({ method, target, headers, body }: Sent, { accessKeyId, userArn }: Caller): HttpApiEvent {
  const [path = '', query = ''] = target.split('?');
  const rawPath = decodeURIComponent(path);
  const time = new Date();
  return {
    version: '2.0',
    routeKey: 'ANY /api/{proxy+}',
    rawPath,
    rawQueryString: query,
    headers: { ...headers },
    pathParameters: { proxy: rawPath.replace(/^\/api\//, '') },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: {
        iam: {
          accessKey: accessKeyId,
          accountId: '123456789012',
          callerId: `AROAEXAMPLE:${userArn.split('/').at(-1)}`,
          cognitoIdentity: null,
          principalOrgId: 'o-example',
          userArn,
          userId: `AROAEXAMPLE:${userArn.split('/').at(-1)}`,
        },
      },
      domainName: headers['host'] ?? '',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'node' },
      requestId: 'request',
      routeKey: 'ANY /api/{proxy+}',
      stage: '$default',
      time: time.toISOString(),
      timeEpoch: time.getTime(),
    },
    ...(body !== '' && { body }),
    isBase64Encoded: false,
  };
}
