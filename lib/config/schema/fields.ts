// Fields that several kinds have. Each message is whole: what is wrong, what to write. None shows an address that may hold credentials.
import { z } from 'zod';
import { DURATION, parseDuration } from './duration.ts';

/** The only version of the configuration's kinds. */
export const API_VERSION = 'driftless.dev/v1';

/** A document of a kind: its header, its name, its specification. */
export function document<K extends string, N extends z.ZodType, S extends z.ZodType>(kind: K, name: N, spec: S) {
  return documentOf(kind, z.strictObject({ name }), spec);
}

/** A document whose metadata has more than a name. */
export function documentOf<K extends string, M extends z.ZodType, S extends z.ZodType>(kind: K, metadata: M, spec: S) {
  return z.strictObject({ apiVersion: z.literal(API_VERSION), kind: z.literal(kind), metadata, spec });
}

/** A DNS label, as Kubernetes names namespaces and label values. */
export function dnsLabel(maxLength: number) {
  return z
    .string()
    .refine((text) => text.length <= maxLength && DNS_LABEL.test(text), {
      error: ({ input }) =>
        `${quote(input)} is not a valid name; write at most ${maxLength} lower-case letters, digits and dashes, with a letter or digit at both ends`,
    })
    .meta({ pattern: DNS_LABEL.source, maxLength });
}

export const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Characters of one line, in a class of a pattern for editors: `\p{Cc}` is not known to all of them. */
export const NO_CONTROL = '\\u0000-\\u001f\\u007f-\\u009f';

/** Text of one line. */
export function line(maxLength: number) {
  return z
    .string()
    .refine((text) => text !== '' && text.length <= maxLength && !/\p{Cc}/u.test(text), {
      error: `is empty, too long or has a line break; write 1 to ${maxLength} characters`,
    })
    .meta({ pattern: `^[^${NO_CONTROL}]*$`, minLength: 1, maxLength });
}

/** A duration such as `10m`, at most a day; becomes seconds. */
export const duration = z
  .string({ error: notDuration })
  .regex(DURATION, { error: notDuration })
  .refine((text) => inRange(parseDuration(text) ?? 1), {
    error: ({ input }) => `${quote(input)} is out of range; write a duration from 1s to 24h`,
  })
  .meta({ title: 'duration', examples: ['10m', '1h30m', '90s'] })
  .transform((text) => parseDuration(text) ?? 0);

function notDuration({ input }: { readonly input?: unknown }): string {
  return `${quote(input)} is not a duration; write for example 10m, 1h30m or 90s`;
}

function inRange(seconds: number): boolean {
  return seconds >= 1 && seconds <= 24 * 60 * 60;
}

/** Address of a repository; credentials are declared apart from it. */
export const repoUrl = z
  .string()
  .superRefine((text, context) => {
    const error = wrongRepoUrl(text);
    if (error !== undefined) context.addIssue({ code: 'custom', message: error });
  })
  .meta({
    pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/@?#\\s\\\\]+/(?!.*%(?:2[Ff]|5[Cc]))[^?#\\s\\\\]+$',
    maxLength: 2048,
    examples: ['https://github.com/acme/shop'],
  });

function wrongRepoUrl(text: string): string | undefined {
  if (/^https?:\/\/[^/?#]*@/i.test(text)) {
    return 'contains credentials; write the address without them, and declare a kind: Repository that names their secret';
  }
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
    return 'is not an http or https address; write for example https://github.com/acme/shop';
  }
  // An encoded slash would let a server see another path than a project's limits do.
  if (text.length > 2048 || /[?#\s\\]|%2f|%5c/i.test(text) || new URL(text).pathname === '/') {
    return 'is not the address of a repository; write it as it is cloned, without ?, # and blanks';
  }
  return undefined;
}

/** A value as it was written, in quotes and not too long. */
export function quote(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 80));
}
