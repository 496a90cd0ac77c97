// Configuration, from text to checked values. In: the text of every file, by the name to show. Out: all applications, projects, clusters and
// repositories with defaults filled in, or every problem in every file; a configuration is read as a whole or not at all. Throws nothing.
import type { z } from 'zod';
import type { ConfigProblem } from '../model/config-problem.ts';
import type { Configuration } from '../model/configuration.ts';
import { type ConfigDocument, readDocuments, textAt } from './document.ts';
import { describe, explain, problemAt } from './explain.ts';
import { type PlacedRule, placedRules } from './health-rules.ts';
import { isKind, KINDS, type Kind } from './kinds.ts';
import { byPlace } from './problem.ts';
import { projectWarnings } from './project-warnings.ts';
import { checkReferences, type KindDocument, outsideProjects } from './references.ts';
import { withDriftMode } from './schema/drift.ts';
import { API_VERSION, quote } from './schema/fields.ts';
import { suggest } from './suggest.ts';

/** The outcome of reading a configuration. */
export type ParsedConfig =
  | {
      readonly ok: true;
      readonly config: Configuration;
      /** Applications that their project refuses; they fail alone. */
      readonly refused: readonly ConfigProblem[];
      /** What is allowed, and may be meant otherwise. */
      readonly warnings: readonly ConfigProblem[];
      /** Rules of health, whose programs nothing has read yet. */
      readonly rules: readonly PlacedRule[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks the files of a configuration folder. */
export function parseConfig(files: ReadonlyMap<string, string>): ParsedConfig {
  const problems: ConfigProblem[] = [];
  const documents = [...files].flatMap(([file, text]) => {
    const read = readDocuments(file, text);
    problems.push(...read.problems);
    return read.documents.flatMap((document) => identify(document, problems));
  });
  const projects = read(documents, 'Project', KINDS.Project, problems);
  const applications = read(documents, 'Application', KINDS.Application, problems);
  const config = {
    applications: applications.map((app) => withDriftMode(app, projects)),
    projects,
    clusters: read(documents, 'Cluster', KINDS.Cluster, problems),
    repositories: read(documents, 'Repository', KINDS.Repository, problems),
  };
  const refused = outsideProjects(documents, projects);
  problems.push(...checkReferences(documents));
  if (problems.length > 0) return { ok: false, problems: [...problems, ...refused].sort(byPlace) };
  return { ok: true, config, refused, warnings: projectWarnings(documents, projects), rules: placedRules(documents) };
}

/** The document with its kind; empty for a document of another kind. */
function identify(document: ConfigDocument, problems: ConfigProblem[]): readonly KindDocument[] {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(problemAt(document, [], 'is not a mapping; write apiVersion, kind, metadata and spec'));
    return [];
  }
  const apiVersion = textAt(document, ['apiVersion']);
  if (apiVersion !== undefined && apiVersion !== API_VERSION) {
    problems.push(problemAt(document, ['apiVersion'], `${quote(apiVersion)} is not known; write ${API_VERSION}`));
    return [];
  }
  const kind = textAt(document, ['kind']);
  if (kind !== undefined && isKind(kind)) return [{ ...document, kind }];
  problems.push(problemAt(document, ['kind'], wrongKind(kind)));
  return [];
}

function wrongKind(written: string | undefined): string {
  const known = Object.keys(KINDS);
  const remedy = `write one of ${known.join(', ')}`;
  if (written === undefined) return `is missing; ${remedy}`;
  const meant = suggest(written, known);
  return `${quote(written)} is not known; ${meant === undefined ? remedy : `write ${meant}`}`;
}

function read<T>(
  documents: readonly KindDocument[],
  kind: Kind,
  definition: z.ZodType<T>,
  problems: ConfigProblem[],
): readonly T[] {
  return documents
    .filter((document) => document.kind === kind)
    .flatMap((document) => {
      const parsed = definition.safeParse(document.value, { error: describe });
      if (parsed.success) return [parsed.data];
      problems.push(...explain(document, kind, parsed.error.issues));
      return [];
    });
}
