// In: an event of an HTTP API, payload format 2.0. Out: the request that was sent, its body unchanged, since the bytes are signed.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { GatewayContext } from '../lib/api/auth-iam.ts';

/** The request behind an event. */
export function requestOf({ headers, body, isBase64Encoded, ...event }: APIGatewayProxyEventV2): Request {
  const { domainName, http } = event.requestContext;
  const url = new URL(`https://${domainName}`);
  // Despite its name it is decoded: a `?` or `#` in it does not end the path.
  url.pathname = event.rawPath;
  url.search = event.rawQueryString;
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  const hasBody = body !== undefined && http.method !== 'GET' && http.method !== 'HEAD';
  return new Request(url, {
    method: http.method,
    headers: sent,
    ...(hasBody && { body: new Uint8Array(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')) }),
  });
}

/** An event of a route with or without an authorizer. */
export type MaybeSigned = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } } };
};

/** The context of a request; the caller is known only on routes with IAM authorization. */
export function contextOf({ rawPath, requestContext }: MaybeSigned): GatewayContext {
  const { userArn } = requestContext.authorizer?.iam ?? {};
  return { path: rawPath, ...(userArn && { caller: userArn }) };
}

/** Lambda returns 6 MB at most, as JSON, in which the quotes of a body count twice; what is longer would be an error without a reason. */
const MOST_BYTES = 6_291_456;

/** A response in the form of the HTTP API; bodies are always text. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const body = await response.text();
  if (Buffer.byteLength(JSON.stringify(body)) > MOST_BYTES - HEADER_BYTES) return TOO_LARGE;
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    isBase64Encoded: false,
  };
}

/** More than the status and the headers of our own responses take. */
const HEADER_BYTES = 10_000;

const TOO_LARGE: APIGatewayProxyStructuredResultV2 = {
  statusCode: 413,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: {
      code: 'PayloadTooLarge',
      message: 'the answer is longer than the 6 MB that Lambda returns',
      hint: 'request one object, or a shorter page',
    },
  }),
  isBase64Encoded: false,
};
