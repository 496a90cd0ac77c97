import { z } from 'zod';

const Cause = z.object({
  reason: z.string().optional(),
  message: z.string().default(''),
  field: z.string().optional(),
});

const Details = z.object({
  name: z.string().optional(),
  kind: z.string().optional(),
  causes: z.array(Cause).default([]),
});

const Status = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  code: z.number().optional(),
  details: Details.nullish().transform((details) => details ?? { causes: [] }),
});

/** The `Status` object with which the API server explains a failure. */
export type KubeStatus = z.infer<typeof Status>;

export type KubeCause = z.infer<typeof Cause>;

/** Reads a Status; undefined for any other value, such as the plain-text 404 of an unknown group. */
export function readStatus(value: unknown): KubeStatus | undefined {
  return Status.safeParse(value).data;
}

/** A Status from the text of a response. */
export function parseStatus(text: string): KubeStatus | undefined {
  try {
    return readStatus(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether an admission webhook or policy denied the request; they choose the status code freely. */
export function isAdmissionDenial({ message }: KubeStatus): boolean {
  return (
    /^admission webhook "[^"]+" (denied the request|does not support dry run)/.test(message) ||
    /^\S+ "[^"]*" is forbidden: ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request/.test(message)
  );
}

/**
 * Whether an HTTP 500 is caused by the object and not by the server: the API server returns 500 when it cannot merge a server-side apply
 * (unknown field, wrong type, bad base64) or etcd cannot store it. Only the message shows it, since the reason is empty (observed on 1.36).
 */
export function isUnmergeable({ reason, message }: KubeStatus): boolean {
  if (reason !== '') return false;
  return /^failed to (create typed|convert) \w+ object |request is too large$|trying to send message larger than max/.test(
    message,
  );
}
