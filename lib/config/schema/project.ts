import { z } from 'zod';
import type { Project } from '../../model/configuration.ts';
import { driftMode } from './drift.ts';
import { dnsLabel, document, line, NO_CONTROL, quote } from './fields.ts';

/** A glob of a limit. A character that other globs know would deny nothing where it is taken as it is, so it is refused. */
function glob(maxLength: number, { minLength = 1, denies = true } = {}) {
  const sign = denies ? '!?' : '';
  return z
    .string()
    .refine((text) => text.length >= minLength && text.length <= maxLength && isGlob(text, denies), {
      error: ({ input }) => `${quote(input)} is not a glob; ${remedy(denies)}`,
    })
    .meta({ pattern: `^(?!!\\*+$)${sign}[^!?\\[\\]{}\\\\${NO_CONTROL}]*$`, minLength, maxLength });
}

function isGlob(text: string, denies: boolean): boolean {
  const positive = denies ? text.replace(/^!/, '') : text;
  return !/[!?[\]{}\\\p{Cc}]/u.test(positive) && text !== '!' && !/^!\*+$/.test(text);
}

function remedy(denies: boolean): string {
  const sign = denies ? ', and ! before a name that is denied' : '; the list denies, so write the name without !';
  return `write names with * (all but /) and ** (everything)${sign}`;
}

const kindRule = (denies: boolean) =>
  z.strictObject({
    group: glob(253, { minLength: 0, denies }).default('*'),
    kind: glob(253, { denies }).default('*'),
    name: glob(253, { denies }).default('*'),
  });

const kindRules = z.strictObject({
  allow: z.array(kindRule(true)).exactOptional(),
  deny: z.array(kindRule(false)).exactOptional(),
});

const spec = z.strictObject({
  description: line(1024).exactOptional(),
  sourceRepos: z.array(glob(2048)).default(['*']),
  destinations: z
    .array(z.strictObject({ cluster: glob(64).default('*'), namespace: glob(64).default('*') }))
    .prefault([{ cluster: '*', namespace: '*' }]),
  clusterResources: kindRules.exactOptional(),
  namespaceResources: kindRules.exactOptional(),
  drift: z.strictObject({ mode: driftMode }).exactOptional(),
});

/** `kind: Project`: what its applications may use. */
export const project: z.ZodType<Project> = document('Project', dnsLabel(63), spec.prefault({})).transform(
  ({ metadata, spec: limits }) => ({ name: metadata.name, ...limits }),
);
