// In: an event of an HTTP API, payload format 2.0. Out: the request that was sent, its body byte by byte, since that is what is signed.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The request behind an event. */
export function requestOf({ headers, body, isBase64Encoded, ...event }: APIGatewayProxyEventV2): Request {
  const { domainName, http } = event.requestContext;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  const hasBody = body !== undefined && http.method !== 'GET' && http.method !== 'HEAD';
  return new Request(`https://${domainName}${event.rawPath}${query}`, {
    method: http.method,
    headers: sent,
    ...(hasBody && { body: new Uint8Array(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')) }),
  });
}

/** An answer as the HTTP API wants it; ours are texts. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  };
}
