// The messages between the functions sync and render. They contain files of a commit, so they are never logged.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { DriftlessError, isErrorCode } from '../../errors.ts';
import type { RenderRequest } from '../../model/source-tree.ts';
import type { Blobs } from '../../ports/store.ts';

const Helm = z.object({
  releaseName: z.string().exactOptional(),
  valueFiles: z.array(z.string()),
  values: z.record(z.string(), z.unknown()).exactOptional(),
  includeCRDs: z.boolean(),
});

const Request = z.object({
  tool: z.union([z.object({ kustomize: z.object({ allowRemoteBases: z.boolean() }) }), z.object({ helm: Helm })]),
  path: z.string(),
  name: z.string(),
  namespace: z.string(),
  kubeVersion: z.string(),
  apiVersions: z.array(z.string()),
  hidden: z.array(z.string()).exactOptional(),
  /** Path, and bytes in base64. */
  files: z.array(z.tuple([z.string(), z.string()])),
});

const Carried = z.union([z.object({ zipped: z.string() }), z.object({ key: z.string().startsWith('render/') })]);

/** Bytes in a message, or the key of a blob that holds them. */
type Carried = z.infer<typeof Carried>;

const Answered = z.object({ nonce: z.string() });

const Failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Lambda accepts messages of 6 MB; larger ones go through the blob store. */
const MAX_INLINE_BYTES = 5_000_000;
const MAX_UNZIPPED_BYTES = 256 * 1024 * 1024;

/** Packs a request as the payload of a function. */
export async function packRequest({ files, ...request }: RenderRequest, blobs: Blobs): Promise<Carried> {
  const encoded = [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]);
  return carry(JSON.stringify({ ...request, files: encoded }), 'requests', blobs);
}

/** What shows that an answer is the function's own: the tools that it runs see the request, but not the message around it. Undefined where there is none. */
export function nonceIn(message: unknown): string | undefined {
  return Answered.safeParse(message).data?.nonce;
}

/** Reads the request of a message. */
export async function unpackRequest(message: unknown, blobs: Blobs): Promise<RenderRequest> {
  const { files, ...request } = checked(Request, JSON.parse(await uncarry(message, blobs)));
  return { ...request, files: new Map(files.map(([path, text]) => [path, Buffer.from(text, 'base64')])) };
}

/** Packs a rendering as the result of a function. */
export async function packRendering(text: string, blobs: Blobs): Promise<Carried> {
  return carry(text, 'answers', blobs);
}

/** Throws Internal for what is no answer at all. */
export function assertAnswer(message: unknown): void {
  checked(z.union([Carried, Failed]), message);
}

/** Reads the rendering of a result; throws the error that it contains instead. */
export async function unpackRendering(message: unknown, blobs: Blobs): Promise<string> {
  const failed = Failed.safeParse(message).data;
  if (failed === undefined) return uncarry(message, blobs);
  const { code, message: reason } = failed.error;
  throw new DriftlessError(isErrorCode(code) ? code : 'Internal', reason);
}

async function carry(text: string, folder: 'requests' | 'answers', blobs: Blobs): Promise<Carried> {
  const bytes = await promisify(gzip)(text, { level: 1 });
  if (bytes.length * (4 / 3) <= MAX_INLINE_BYTES) return { zipped: bytes.toString('base64') };
  const key = `render/${folder}/${digestOf(bytes)}`;
  await blobs.put(key, bytes);
  return { key };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

async function uncarry(message: unknown, blobs: Blobs): Promise<string> {
  const carried = checked(Carried, message);
  const bytes = 'key' in carried ? await blobs.get(carried.key) : Buffer.from(carried.zipped, 'base64');
  if (bytes === undefined)
    throw new DriftlessError('StateUnavailable', 'rendering: its blob no longer exists; render it again');
  if ('key' in carried && !carried.key.endsWith(`/${digestOf(bytes)}`))
    throw new DriftlessError('StateUnavailable', 'rendering: its blob is not what was stored; render it again');
  return (await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNZIPPED_BYTES })).toString('utf8');
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const where = error?.issues.map(({ path, code }) => `${path.join('.') || 'message'}: ${code}`).join('; ');
  throw new DriftlessError('Internal', `rendering: a message is malformed: ${where}; deploy all functions again`);
}
