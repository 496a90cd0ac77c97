// How AWS verifies signature version 4, written from its description and without the code that signs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = {
  readonly method: string;
  /** As it stands in the first line: path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** Who may sign, for what. */
export type Verifier = {
  readonly service: string;
  readonly region: string;
  /** Secret keys by key id. */
  readonly keys: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Longer ago nobody's request is taken. */
const VALID_MS = 5 * 60_000;

/** Whose request it is; undefined where the signature is missing, wrong, too old, or for something else. */
export function signerOf(request: SignedRequest, { service, region, keys, now }: Verifier): string | undefined {
  const { authorization = '', 'x-amz-date': time = '' } = request.headers;
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), ?SignedHeaders=(\S+), ?Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  const [, id = '', scope = '', names = '', signature = ''] = parts ?? [];
  const key = keys[id];
  const day = time.slice(0, 8);
  if (key === undefined || scope !== `${day}/${region}/${service}/aws4_request`) return undefined;
  if (Math.abs(now - instantOf(time)) > VALID_MS || !names.split(';').includes('host')) return undefined;
  const text = ['AWS4-HMAC-SHA256', time, scope, hash(canonical(request, names.split(';')))].join('\n');
  const secret = [day, region, service, 'aws4_request'].reduce(
    (made: string | Buffer, part) => hmac(made, part),
    `AWS4${key}`,
  );
  return timingSafeEqual(hmac(secret, text), Buffer.from(signature, 'hex')) ? id : undefined;
}

function canonical({ method, target, headers, body }: SignedRequest, names: readonly string[]): string {
  const [path = '', query = ''] = target.split('?');
  const pairs = query.split('&').filter(Boolean);
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`);
  const resource = path.split('/').map(encodeStrictly).join('/');
  const parameters = pairs.map((pair) => (pair.includes('=') ? pair : `${pair}=`)).sort();
  return [method, resource, parameters.join('&'), lines.join(''), names.join(';'), hash(body)].join('\n');
}

/** Services other than S3 sign a path whose escapes are escaped once more. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function instantOf(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
