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

/** A response in the form of the HTTP API; bodies are always text. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  };
}
