import { z } from 'zod';
import type { Application, DriftMode, IgnoreRule } from '../../model/application.ts';
import type { Project } from '../../model/configuration.ts';
import { parseFieldPath } from '../../model/field-path.ts';
import { line, quote } from './fields.ts';

/** What is done about drift. */
export const driftMode = z.enum(['correct', 'report', 'off']);

const groupGlob = z.string().regex(/^[a-z0-9.*-]{0,253}$/, {
  error: ({ input }) =>
    `${quote(input)} is not an API group; write for example apps or *.example.com, '' for the core group`,
});

const fieldPath = line(1024).refine((text) => parseFieldPath(text) !== undefined, {
  error: ({ input }) =>
    `${quote(input)} is not a path; write spec.replicas, metadata.annotations["example.com/a"], spec.ports[http].port or a JSON pointer such as /spec/replicas`,
});

/** Fields whose drift does not count. */
export const ignoreRule = z
  .strictObject({
    group: groupGlob.exactOptional(),
    kind: line(253).exactOptional(),
    namespace: line(253).exactOptional(),
    name: line(253).exactOptional(),
    fields: z.array(fieldPath).min(1).exactOptional(),
    managers: z.array(line(128)).min(1).exactOptional(),
  })
  .superRefine(
    (value, context) => {
      if ('fields' in value || 'managers' in value) return;
      context.addIssue({ code: 'custom', message: 'does not say what is ignored; write fields, managers or both' });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({ anyOf: [{ required: ['fields'] }, { required: ['managers'] }] });

/** An application as it is declared: what is left to its project is not filled in yet. */
export type DeclaredApplication = Omit<Application, 'drift'> & {
  readonly drift: { readonly mode?: DriftMode; readonly ignore?: readonly IgnoreRule[] };
};

/** What is done about drift where neither an application nor its project says. */
const DEFAULT_MODE = 'correct';

/** The application with what its project says about drift, where it says nothing itself. */
export function withDriftMode(app: DeclaredApplication, projects: readonly Project[]): Application {
  const project = projects.find(({ name }) => name === app.project);
  return { ...app, drift: { ...app.drift, mode: app.drift.mode ?? project?.drift?.mode ?? DEFAULT_MODE } };
}
