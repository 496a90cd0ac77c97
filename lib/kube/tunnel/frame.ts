// The messages between the two ends of the tunnel: a description in JSON, followed by the bodies. They contain bearer tokens, so they are
// never logged.
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { DriftlessError } from '../../errors.ts';

/** A message as a Lambda function receives and returns it: base64, zipped where `zip` is set. */
export type TunnelMessage = { readonly frame: string; readonly zip?: boolean };

const Size = z.number().int().nonnegative();

const Request = z.object({
  method: z.enum(['GET', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()),
  /** Length of the body; absent where there is none. */
  bytes: Size.optional(),
  /** Milliseconds since 1970 after which it must not be sent. */
  notAfter: z.number().optional(),
});

export const TunnelRequests = z.object({
  server: z.url(),
  caData: z.string().optional(),
  tlsServerName: z.string().optional(),
  /** Set where all requests are watches: they are answered together after the first event, or after this time. */
  holdMs: z.number().optional(),
  items: z.array(Request),
});
export type TunnelRequests = z.infer<typeof TunnelRequests>;

const Answer = z.union([
  z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    bytes: Size,
    /** Of a watch: whether the server ended it. */
    ended: z.boolean().optional(),
  }),
  /** A network error, with the code of Node or undici. */
  z.object({ fault: z.object({ code: z.string(), message: z.string() }) }),
  /** It was not sent, since its deadline had passed. */
  z.object({ late: z.literal(true) }),
  /** It was sent, but the response does not fit beside the others. */
  z.object({ tooLarge: Size }),
]);
export type TunnelAnswer = z.infer<typeof Answer>;

export const TunnelAnswers = z.object({ items: z.array(Answer) });

/** Sends a message to the worker and returns its answer. */
export type InvokeWorker = (message: TunnelMessage) => Promise<unknown>;

/** The result of one request, with its body; `alone` where the message had no other request. */
export type TunnelResponse = { readonly answer: TunnelAnswer; readonly body: Buffer; readonly alone: boolean };

/** The largest answer: Lambda accepts 6 MB of text, and base64 makes four bytes of three. */
export const MAX_ANSWER_BYTES = 4_500_000;
/** The largest message, zipped. */
const MAX_FRAME_BYTES = 4_600_000;
const MAX_UNZIPPED_BYTES = 128 * 1024 * 1024;

const Message = z.object({ frame: z.base64(), zip: z.boolean().optional() });

/** Packs a description and its bodies, in their order. */
export function packFrame(head: object, bodies: readonly Buffer[], { zip = false } = {}): TunnelMessage {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const whole = Buffer.concat([length, text, ...bodies]);
  const packed = zip ? gzipSync(whole, { level: 1 }) : whole;
  if (packed.length > MAX_FRAME_BYTES)
    throw new DriftlessError(
      'ApiServerRejected',
      `tunnel: ${packed.length} bytes exceed the limit of ${MAX_FRAME_BYTES}; make the object smaller`,
    );
  return { frame: packed.toString('base64'), ...(zip && { zip }) };
}

/** Unpacks a message; `take` returns the next bytes of the bodies. */
export function unpackFrame<T>(
  message: unknown,
  schema: z.ZodType<T>,
): { readonly head: T; readonly take: (bytes: number) => Buffer } {
  const { text, bodies } = split(read(Message, message));
  let at = 0;
  return {
    head: read(schema, text),
    take: (bytes) => {
      at += bytes;
      return bodies.subarray(at - bytes, at);
    },
  };
}

function split({ frame, zip }: z.infer<typeof Message>): { readonly text: unknown; readonly bodies: Buffer } {
  try {
    const packed = Buffer.from(frame, 'base64');
    const whole = zip ? gunzipSync(packed, { maxOutputLength: MAX_UNZIPPED_BYTES }) : packed;
    const end = 4 + whole.readUInt32BE(0);
    return { text: JSON.parse(whole.toString('utf8', 4, end)), bodies: whole.subarray(end) };
  } catch {
    // The parsers' messages are omitted: they quote their input.
    throw new DriftlessError('Internal', 'tunnel: a message is malformed; deploy both ends again');
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  // Only the location: the values may be secret.
  const where = error?.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
  throw new DriftlessError('Internal', `tunnel: a message is malformed: ${where}; deploy both ends again`);
}
