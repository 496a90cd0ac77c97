import { z } from 'zod';
import type { Project } from '../../model/configuration.ts';
import { driftMode } from './drift.ts';
import { dnsLabel, document, line } from './fields.ts';

const spec = z.strictObject({
  description: line(1024).exactOptional(),
  sourceRepos: z.array(line(2048)).default(['*']),
  destinations: z
    .array(z.strictObject({ cluster: line(63).default('*'), namespace: line(63).default('*') }))
    .prefault([{ cluster: '*', namespace: '*' }]),
  drift: z.strictObject({ mode: driftMode }).exactOptional(),
});

/** `kind: Project`: what its applications may use. */
export const project: z.ZodType<Project> = document('Project', dnsLabel(63), spec.prefault({})).transform(
  ({ metadata, spec: limits }) => ({ name: metadata.name, ...limits }),
);
