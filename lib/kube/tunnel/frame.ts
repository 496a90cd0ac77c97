// What goes between the two ends of the tunnel: a description in JSON and, behind it, bodies as they are. Bearer tokens are among it, so it is
// never logged.
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { DriftlessError } from '../../errors.ts';

/** A message as a Lambda function takes and gives it: base64, zipped where it says so. */
export type TunnelMessage = { readonly frame: string; readonly zip?: boolean };

const Size = z.number().int().nonnegative();

const Request = z.object({
  method: z.enum(['GET', 'PATCH', 'DELETE']),
  path: z.string().startsWith('/'),
  headers: z.record(z.string(), z.string()),
  /** Length of the body; absent where there is none. */
  bytes: Size.optional(),
  /** Milliseconds since 1970 after which it may not be sent any more. */
  notAfter: z.number().optional(),
});

export const TunnelRequests = z.object({
  server: z.url(),
  caData: z.string().optional(),
  tlsServerName: z.string().optional(),
  /** All of them are watches, answered together once one of them has an event, or after so long. */
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
  /** What the network answered instead, by the code that Node or undici gave it. */
  z.object({ fault: z.object({ code: z.string(), message: z.string() }) }),
  /** It was not sent, since its time was over. */
  z.object({ late: z.literal(true) }),
  /** It was sent, and the answer has no room beside the others. */
  z.object({ tooLarge: Size }),
]);
export type TunnelAnswer = z.infer<typeof Answer>;

export const TunnelAnswers = z.object({ items: z.array(Answer) });

/** Hands a message to the worker and gives its answer. */
export type AskWorker = (message: TunnelMessage) => Promise<unknown>;

/** What one request came to: its answer, and the answer's body; `alone` where no other was in the message. */
export type TunnelReply = { readonly answer: TunnelAnswer; readonly body: Buffer; readonly alone: boolean };

/** The most that the bytes of an answer may be: Lambda takes 6 MB of text, and base64 makes four of three. */
export const MAX_ANSWER_BYTES = 4_500_000;
/** The most that the zipped bytes of a message may be. */
const MAX_FRAME_BYTES = 4_600_000;
const MAX_UNZIPPED_BYTES = 128 * 1024 * 1024;

const Message = z.object({ frame: z.base64(), zip: z.boolean().optional() });

/** Packs a description and the bodies that it speaks of, in their order. */
export function packFrame(head: object, bodies: readonly Buffer[], { zip = false } = {}): TunnelMessage {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const whole = Buffer.concat([length, text, ...bodies]);
  const packed = zip ? gzipSync(whole, { level: 1 }) : whole;
  if (packed.length > MAX_FRAME_BYTES)
    throw new DriftlessError(
      'ApiServerRejected',
      `tunnel: ${packed.length} bytes are more than the ${MAX_FRAME_BYTES} that go through it; make the object smaller`,
    );
  return { frame: packed.toString('base64'), ...(zip && { zip }) };
}

/** Unpacks a message; `take` gives the next bytes of the bodies. */
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
    // Words of the parsers are left out: they quote what they read.
    throw new DriftlessError('Internal', 'tunnel: a message is not as it should be; deploy both ends again');
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  // Only where it is wrong: its values may be secret.
  const where = error?.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ');
  throw new DriftlessError('Internal', `tunnel: a message is not as it should be: ${where}; deploy both ends again`);
}
