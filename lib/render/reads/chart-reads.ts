// In: the files of a chart. Out: which of them a rendering reads, and what its templates ask for. Told by the words of the templates: what cannot be told
// counts as read, or as asked for. Field by field after Helm 4 (pkg/chart/loader, pkg/engine).
import picomatch from 'picomatch';
import type { FileTree } from '../../model/source-tree.ts';
import { filesBelow } from '../paths.ts';
import { isMapping } from '../shape.ts';
import { readYaml } from '../yaml.ts';
import { unpackChart } from './chart-archive.ts';

/** What a chart's templates ask for of the cluster. */
export type Asked = {
  /** `all` where it cannot be told what for. */
  readonly apiVersions: 'all' | readonly string[];
  readonly kubeVersion: boolean;
  /** Whether what it renders differs from one time to the next. */
  readonly random: boolean;
};

export type ChartReads = {
  /** What is read, by its path in the chart; archives are unpacked, values are without their comments. */
  readonly contents: ReadonlyMap<string, string | Uint8Array>;
  /** Whether a file of the chart is read. */
  readonly isRead: (path: string) => boolean;
  readonly asked: Asked;
};

const MAX_NESTING = 5;
/** Of all packed charts together; what is larger counts as unknown. */
const MAX_UNPACKED_BYTES = 64 * 2 ** 20;
const ARCHIVE = /^charts\/[^/]+\.tgz$/;
const IN_SUBCHART = /^(?:charts\/[^/]+\/)+/;
/** Helm reads these of each chart; other files only where a template asks `.Files` for them. Lock files are compared by `helm dependency` alone. */
const METADATA = /^(?:Chart\.yaml|requirements\.yaml|values\.yaml|values\.schema\.json|\.helmignore)$/;
const YAML_DATA = /^(?:Chart|requirements|values)\.yaml$/;
const CAPABILITY = /\bCapabilities\b(?:\.(\w+)(?:\.Has\s+(?:\\?"([^"\\]*)\\?"|`([^`]*)`))?)?/g;
const CAPABILITIES = ['KubeVersion', 'APIVersions', 'HelmVersion'];
const RANDOM = /\b(?:rand[A-Z]\w*|gen[A-Z]\w*|uuidv4|shuffle|htpasswd|bcrypt|encryptAES|now|ago)\b/;

/** Reads a chart. @param values texts of values that come from outside of it: templates in values are rendered where a chart asks for that */
export function chartReads(
  chart: string,
  files: FileTree,
  { values, includeCRDs }: { readonly values: readonly string[]; readonly includeCRDs: boolean },
): ChartReads {
  const { unpacked, isOpaque } = unpack(filesBelow(files, chart));
  const words = [...unpacked]
    .flatMap(([path, bytes]) => (isSearched(path) ? [textOf(path, bytes)] : []))
    .concat(values);
  const mayGet = isOpaque ? () => true : filesAskedFor(words);
  const isRead = (path: string): boolean => isOfHelm(path, unpacked.get(path)) || mayGet(ownPath(path));
  const matters = [...unpacked].filter(([path]) => isRead(path) && (includeCRDs || !ownPath(path).startsWith('crds/')));
  return {
    contents: new Map(
      matters.map(([path, bytes]) => [path, YAML_DATA.test(ownPath(path)) ? textOf(path, bytes) : bytes]),
    ),
    isRead: (path) => ARCHIVE.test(ownPath(path)) || isRead(path),
    asked: isOpaque ? { apiVersions: 'all', kubeVersion: true, random: false } : askedBy(words, unpacked),
  };
}

/** The files with those of packed charts, which lie in `charts` under the chart's name then, as `helm dependency build` may leave either. */
function unpack(
  files: FileTree,
  nesting = 0,
  budget = { bytes: MAX_UNPACKED_BYTES },
): { readonly unpacked: FileTree; readonly isOpaque: boolean } {
  const all = new Map<string, Uint8Array>();
  let isOpaque = false;
  for (const [path, bytes] of files) {
    const isArchive = ARCHIVE.test(ownPath(path));
    const inner = isArchive && nesting < MAX_NESTING ? unpackChart(bytes, budget.bytes) : undefined;
    if (inner === undefined) {
      isOpaque ||= isArchive;
      all.set(path, bytes);
      continue;
    }
    budget.bytes -= inner.bytes;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const placed = new Map([...inner.files].map(([name, content]) => [`${folder}/${name}`, content]));
    const below = unpack(placed, nesting + 1, budget);
    isOpaque ||= below.isOpaque;
    for (const [name, content] of below.unpacked) all.set(name, content);
  }
  return { unpacked: all, isOpaque };
}

/** A path within the chart that it belongs to: each subchart has files of its own. */
function ownPath(path: string): string {
  return path.replace(IN_SUBCHART, '');
}

/** Notes are not printed; they matter where they define a template that others include. */
function isOfHelm(path: string, bytes: Uint8Array | undefined): boolean {
  const own = ownPath(path);
  if (own === 'templates/NOTES.txt') return /\b(?:define|block)\b/.test(new TextDecoder().decode(bytes));
  return METADATA.test(own) || /^(?:templates|crds)\//.test(own) || /^charts\/(?:[^/]+\.tgz)?$/.test(own) || own === '';
}

function isSearched(path: string): boolean {
  const own = ownPath(path);
  return own.startsWith('templates/') || own === 'values.yaml';
}

/** A file as text; of YAML that holds data its values alone, since comments and layout are not data. */
export function textOf(path: string, bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (!/\.ya?ml$/.test(path) || path.includes('templates/')) return text;
  const { documents, problems } = readYaml(text);
  return problems.length > 0 ? text : JSON.stringify(documents.map(({ value }) => value));
}

/** Which files templates may get through `.Files`: those that are named where it is asked, all where that cannot be told. */
function filesAskedFor(words: readonly string[]): (path: string) => boolean {
  const asks = /\bFiles\b(?:\.(?:Get|GetBytes|Lines|Glob)\s+(?:\\?"([^"\\]*)\\?"|`([^`]*)`))?/g;
  const globs: string[] = [];
  for (const text of words)
    for (const [, quoted, raw] of text.matchAll(asks)) {
      const glob = quoted ?? raw;
      if (glob === undefined) return () => true;
      globs.push(glob);
    }
  return (path) =>
    globs.some((glob) => path === glob || picomatch.isMatch(path.replace(/\/$/, '/_'), glob, { dot: true }));
}

function askedBy(words: readonly string[], files: FileTree): Asked {
  const asks = words
    .flatMap((text) => [...text.matchAll(CAPABILITY)])
    .map(([, field, quoted, raw]) => ({
      field,
      version: quoted ?? raw,
    }));
  const named = asks.flatMap(({ field, version }) => (field === 'APIVersions' ? [version] : []));
  const isVague = asks.some(({ field }) => field === undefined || !CAPABILITIES.includes(field));
  const isKnown = !isVague && named.every((version) => version !== undefined);
  const constrained = [...files].some(([path, bytes]) => ownPath(path) === 'Chart.yaml' && constrainsKube(bytes));
  return {
    apiVersions: isKnown ? [...new Set(named.filter((version) => version !== undefined))].sort() : 'all',
    kubeVersion: isVague || constrained || asks.some(({ field }) => field === 'KubeVersion'),
    random: words.some((text) => RANDOM.test(text)),
  };
}

function constrainsKube(bytes: Uint8Array): boolean {
  const value = readYaml(new TextDecoder().decode(bytes)).documents[0]?.value;
  return isMapping(value) && value['kubeVersion'] !== undefined;
}
