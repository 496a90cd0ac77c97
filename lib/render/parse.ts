// In: the bytes or text of a file, or what a renderer printed. Out: manifests with file and line. What may go wrong: syntax errors, and
// documents that are not Kubernetes objects; all of them together become one ManifestInvalid.
import { DriftlessError } from '../errors.ts';
import type { Manifest } from '../model/change-set.ts';
import { objectsIn } from './manifest.ts';
import { readYaml } from './yaml.ts';

/** The location of a manifest or a problem. */
export type Place = { readonly file: string; readonly line?: number };

/** A problem; `foreign` where the document is not meant to be a Kubernetes object. */
type Problem = Place & { readonly message: string; readonly foreign: boolean };

export type Reading = { readonly manifests: readonly Manifest[]; readonly problems: readonly Problem[] };

const MAX_LISTED = 20;

/** Reads all documents of one file; throws ManifestInvalid with every problem in it. */
export function parseManifests(text: string | Uint8Array, file: string): readonly Manifest[] {
  return manifestsOf([readManifests(text, file)]);
}

/** Reads all documents of one file, and returns problems instead of throwing them. */
export function readManifests(text: string | Uint8Array, file: string): Reading {
  const decoded = decode(text);
  if (decoded === undefined)
    return { manifests: [], problems: [{ file, message: 'is not UTF-8 text; save it as UTF-8', foreign: false }] };
  return readDocuments(decoded, (line) => ({ file, line }));
}

/** Reads what a renderer printed; `placeOf` returns the origin of a document by its offset in the text. */
export function parseRendered(text: string, placeOf: (offset: number) => Place): readonly Manifest[] {
  return manifestsOf([readDocuments(text, (_line, offset) => placeOf(offset))]);
}

/** All manifests of several files; throws one ManifestInvalid with the problems of all files. `remedy` is for documents that are not Kubernetes objects. */
export function manifestsOf(readings: readonly Reading[], remedy?: string): readonly Manifest[] {
  const problems = readings.flatMap((reading) => reading.problems);
  if (problems.length === 0) return readings.flatMap((reading) => reading.manifests);
  const listed = problems
    .slice(0, MAX_LISTED)
    .map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`);
  const rest = problems.length - listed.length;
  if (rest > 0) listed.push(`and ${rest} more`);
  if (remedy !== undefined && problems.some(({ foreign }) => foreign)) listed.push(remedy);
  throw new DriftlessError('ManifestInvalid', listed.join('\n'));
}

type PlaceOf = (line: number, offset: number) => Place;

function readDocuments(text: string, placeOf: PlaceOf): Reading {
  const { documents, problems, lineOf } = readYaml(text);
  const manifests: Manifest[] = [];
  const faults: Problem[] = problems.map(({ line, offset, message }) => ({
    ...placeOf(line, offset),
    message,
    foreign: false,
  }));
  for (const { value, line, offset } of documents) {
    for (const found of objectsIn(value)) {
      const place = placeOf(lineOf(found.at) ?? line, offset);
      if ('object' in found) manifests.push({ object: found.object, ...place });
      else faults.push({ ...place, message: found.message, foreign: found.foreign });
    }
  }
  return { manifests, problems: faults };
}

function decode(text: string | Uint8Array): string | undefined {
  if (typeof text === 'string') return text.replace(/^\uFEFF/, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return undefined;
  }
}
