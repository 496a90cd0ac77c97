import { z } from 'zod';
import { line, NO_CONTROL, quote, repoUrl } from './fields.ts';

const RENDERERS = ['directory', 'kustomize', 'helm'] as const;

/** Branch, tag, full ref name or commit id; what `git check-ref-format` forbids is refused. */
const ref = z
  .string()
  .refine((text) => text.length <= 255 && isRef(text), {
    error: ({ input }) => `${quote(input)} is not a ref; write a branch, a tag, a commit id of 40 digits or HEAD`,
  })
  .meta({
    pattern: `^(?!-|@$)(?!.*(?:\\.\\.|@\\{|//|/\\.|\\.lock(?:/|$)|[/.]$))[^/.\\s~^:?*\\[\\\\${NO_CONTROL}][^\\s~^:?*\\[\\\\${NO_CONTROL}]*$`,
    maxLength: 255,
    examples: ['main', 'v1.2.0', 'refs/heads/main', 'HEAD'],
  });

function isRef(text: string): boolean {
  const parts = text.split('/');
  const wrongPart = parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock'));
  return !wrongPart && !/[\s\p{Cc}~^:?*[\\]|\.\.|@\{|^-|\.$|^@$/u.test(text);
}

/** A folder from the repository's root; slashes at both ends and `.` do not matter. */
const folder = z
  .string()
  .refine((text) => isInside(text), {
    error: ({ input }) =>
      `${quote(input)} is not a folder in the repository; write it from the root, without .. and backslashes`,
  })
  .meta({ pattern: `^(?!(?:.*/)?(?:\\.\\.|\\.git)(?:/|$))[^\\\\${NO_CONTROL}]*$`, maxLength: 1024 })
  .transform((text) => segmentsOf(text).join('/'));

function isInside(path: string): boolean {
  return (
    path.length <= 1024 &&
    !/[\\\p{Cc}]/u.test(path) &&
    !segmentsOf(path).some((part) => part === '..' || part === '.git')
  );
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

const valueFile = line(1024)
  .refine((text) => !/^[a-z][a-z0-9+.-]*:|^\/\/|\\/i.test(text), {
    error: ({ input }) =>
      `${quote(input)} is not a path in the repository; write one relative to the chart, or from the root as /values.yaml`,
  })
  .meta({ pattern: `^(?!//|[A-Za-z][A-Za-z0-9+.-]*:)[^\\\\${NO_CONTROL}]+$` });

const helm = z.strictObject({
  releaseName: z
    .string()
    .regex(/^(?=.{1,53}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, {
      error: ({ input }) =>
        `${quote(input)} is not a release name; write at most 53 lower-case letters, digits, dashes and dots`,
    })
    .exactOptional(),
  valueFiles: z.array(valueFile).default([]),
  values: z.record(z.string(), z.unknown()).exactOptional(),
  includeCRDs: z.boolean().default(true),
});

/** `spec.source` of an Application. */
export const source = z
  .strictObject({
    repo: repoUrl,
    ref: ref.default('HEAD'),
    path: folder.prefault(''),
    directory: z
      .strictObject({
        recurse: z.boolean().default(false),
        include: line(1024).exactOptional(),
        exclude: line(1024).exactOptional(),
      })
      .exactOptional(),
    kustomize: z.strictObject({ allowRemoteBases: z.boolean().default(false) }).exactOptional(),
    helm: helm.exactOptional(),
  })
  // Also when other fields are wrong: all problems are reported together.
  .superRefine(checkRenderers, { when: isObject })
  .superRefine(checkValueFiles, { when: isObject })
  .meta({ not: { anyOf: pairsOf(RENDERERS).map((required) => ({ required })) } });

/** Every two of some names. */
function pairsOf(names: readonly string[]): readonly (readonly string[])[] {
  return names.flatMap((first, index) => names.slice(index + 1).map((second) => [first, second]));
}

function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}

function checkRenderers(value: object, context: z.RefinementCtx): void {
  const [first, ...others] = RENDERERS.filter((renderer) => renderer in value);
  for (const other of others) {
    context.addIssue({ code: 'custom', path: [other], message: `cannot be combined with ${first}; keep one of them` });
  }
}

const pathAndValueFiles = z.object({ path: folder, helm: z.object({ valueFiles: z.array(z.string()) }) });

function checkValueFiles(value: unknown, context: z.RefinementCtx): void {
  const parsed = pathAndValueFiles.safeParse(value);
  if (!parsed.success) return;
  for (const [index, file] of parsed.data.helm.valueFiles.entries()) {
    if (!leavesRoot(file.startsWith('/') ? '' : parsed.data.path, file)) continue;
    const message = `${quote(file)} leaves the repository; write a path inside of it`;
    context.addIssue({ code: 'custom', path: ['helm', 'valueFiles', index], message });
  }
}

function leavesRoot(folderPath: string, file: string): boolean {
  let depth = segmentsOf(folderPath).length;
  for (const part of segmentsOf(file)) {
    depth += part === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}
