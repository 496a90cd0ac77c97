// Who may import whom, and how big things may become. In: files. Out: one line for each that breaks a rule.
import { codeOf, type Import, importsOf, type SourceFile } from './source-text.ts';

/** The parts of the project, the first that matches; a file below lib/ that matches no part has no place yet. */
const PARTS = {
  wiring: /^functions\/(environment|wiring\/[a-z-]+)\.ts$/,
  cliWiring:
    /^cli\/(dev\/(wiring|programs\/[a-z-]+)|source\/verb-wiring|client\/aws-wiring|kubeconfig\/[a-z]+|verbs\/demo\/(forge|kubectl))\.ts$/,
  cli: /^cli\//,
  functions: /^functions\//,
  infra: /^infra\//,
  dev: /^dev\//,
  bench: /^bench\//,
  test: /^test\//,
  model: /^lib\/model\//,
  errors: /^lib\/errors\.ts$/,
  ports: /^lib\/ports\//,
  async: /^lib\/async\//,
  runtime: /^lib\/runtime\//,
  adapters: /^lib\/(git|kube|state|blobs|flow|notify|aws|render\/exec)\//,
  shared: /^lib\/(managed-fields|dialects|ownership|projects)\//,
  live: /^lib\/live\//,
  operations: /^lib\/operations\//,
  events: /^lib\/events\//,
  drift: /^lib\/drift\//,
  rules: /^lib\/(plan|order|diff|health|webhook|config|render|ignore|policy)\//,
  compare: /^lib\/compare\//,
  sync: /^lib\/(sync|triggers|commands|queries|config-repo|inspect)\//,
  api: /^lib\/api\//,
} as const;

type Part = keyof typeof PARTS;

const LIBRARY: readonly Part[] = [
  'model',
  'errors',
  'ports',
  'async',
  'runtime',
  'live',
  'shared',
  'rules',
  'compare',
  'operations',
  'events',
  'drift',
  'sync',
  'api',
];

/** SDKs and other ways into the outside world, besides Node's own modules. */
const SDKS = /^(@aws-sdk\/|@aws\/|@kubernetes\/|@octokit\/|undici|aws-cdk-lib|constructs)/;

type Allowed = { readonly parts: readonly Part[]; readonly packages: RegExp; readonly notPackages?: RegExp };

/** What each part may import. `own` below stands for the own folder, which everything may import. */
const MAY: Readonly<Record<Part, Allowed>> = {
  model: { parts: ['model'], packages: /^node:crypto$/ },
  errors: { parts: [], packages: /^$/ },
  ports: { parts: ['model'], packages: /^$/ },
  async: { parts: ['model', 'errors', 'ports'], packages: /^node:timers\/promises$/ },
  runtime: { parts: ['model', 'errors', 'ports'], packages: /^node:(util|zlib|timers\/promises|process)$/ },
  live: { parts: ['model', 'errors', 'ports', 'async', 'shared'], packages: /^$/ },
  shared: { parts: ['model', 'errors', 'shared'], packages: /^$/ },
  rules: { parts: ['model', 'errors', 'shared'], packages: /^(yaml|js-yaml|zod|picomatch|node:crypto|node:zlib)$/ },
  compare: { parts: ['model', 'errors', 'shared', 'rules'], packages: /^node:util$/ },
  operations: { parts: ['model', 'errors', 'ports', 'rules'], packages: /^$/ },
  events: { parts: ['model', 'errors', 'ports', 'async'], packages: /^$/ },
  drift: {
    parts: ['model', 'errors', 'ports', 'async', 'runtime', 'live', 'shared', 'rules', 'compare', 'operations'],
    packages: /^$/,
  },
  sync: { parts: LIBRARY.filter((part) => part !== 'api'), packages: /^node:(util|zlib)$/ },
  api: { parts: ['model', 'errors', 'ports', 'sync'], packages: /^(hono(\/|$)|zod$|node:crypto$)/ },
  adapters: { parts: ['model', 'errors', 'ports', 'async'], packages: /^/, notPackages: /^(aws-cdk-lib|constructs)/ },
  wiring: { parts: [...LIBRARY, 'adapters', 'wiring'], packages: /^/ },
  cliWiring: { parts: [...LIBRARY, 'adapters', 'wiring', 'cliWiring', 'cli', 'dev'], packages: /^/ },
  cli: { parts: [...LIBRARY, 'cliWiring', 'cli'], packages: /^/, notPackages: SDKS },
  functions: { parts: [...LIBRARY, 'wiring', 'functions'], packages: /^/, notPackages: SDKS },
  infra: { parts: ['infra'], packages: /^(aws-cdk-lib|@aws-cdk\/|constructs|cdk-nag|zod$|node:)/ },
  dev: { parts: ['model', 'errors', 'ports', 'async', 'runtime', 'dev'], packages: /^/ },
  bench: { parts: [...LIBRARY, 'adapters', 'wiring', 'cliWiring', 'cli', 'dev', 'bench', 'functions'], packages: /^/ },
  test: {
    parts: [...LIBRARY, 'adapters', 'wiring', 'cliWiring', 'cli', 'dev', 'test', 'bench', 'infra', 'functions'],
    packages: /^/,
  },
};

/** The few imports beyond the table, each with its reason. */
const BESIDES: readonly { readonly from: RegExp; readonly to: RegExp; readonly names?: RegExp }[] = [
  { from: /^lib\/webhook\//, to: /^@octokit\/webhooks$/ }, // GitHub's own code verifies its signatures, without I/O.
  // Rules of users run in their languages, until the engine stops them.
  { from: /^lib\/health\/(cel|within-time|lua\/lua)\.ts$/, to: /^(@marcbachmann\/cel-js|wasmoon|node:vm)$/ },
  // The one port that a rule may be handed.
  { from: PARTS.rules, to: PARTS.ports, names: /^\s*type \{ Log \}\s*$/ },
  { from: PARTS.api, to: /^lib\/webhook\// }, // The edge reads deliveries.
  // The committed JSON Schemas are made from the definitions of the kinds.
  { from: /^dev\/schemas\.ts$/, to: /^lib\/config\/(json-schema|kinds)\.ts$/ },
  // The emulator's table is made, and relieved of what has expired, by the schema that the adapter uses.
  { from: /^dev\/(dynamodb|retention)\.ts$/, to: /^lib\/state\/dynamo\/keys\.ts$/ },
  // An EKS cluster is an API server like any other, behind a token of its own.
  { from: /^lib\/aws\/eks\/eks-clusters\.ts$/, to: /^lib\/kube\/(cluster|tunnel\/(tunnel|frame))\.ts$/ },
  // Secrets have one form, in a file and in Secrets Manager.
  { from: /^lib\/aws\/secrets\.ts$/, to: /^lib\/config\/(stored-secrets|secret-problems)\.ts$/ },
  // Deliveries of AWS are validated where they arrive.
  { from: /^lib\/triggers\//, to: /^zod$/ },
  // Names of settings are shared between the stack and the functions.
  { from: PARTS.infra, to: /^lib\/config\/env-names\.ts$/ },
  // Rights in a cluster are the same, whether synthesis or a verb writes them.
  { from: PARTS.infra, to: /^lib\/projects\/(tenancy|readers|rbac-object)\.ts$/ },
];

const BUDGETS: readonly { readonly files: RegExp; readonly lines: number }[] = [
  { files: /^lib\/sync\/sync\.ts$/, lines: 120 },
  { files: /^lib\/ports\//, lines: 120 },
  { files: /^functions\/(webhook|sync|render|drift|sweep|alarm|api|inspect|worker)\.ts$/, lines: 40 },
  { files: /^infra\/.*stack\.ts$/, lines: 120 },
  { files: /^/, lines: 250 },
];

/** How many files a folder below lib/ or cli/ may hold itself; the words of the domain may be more. */
const [FILES_IN_FOLDER, LONG_FOLDERS] = [15, /^lib\/model$/];

type Forbidden = { readonly what: string; readonly where: RegExp; readonly pattern: RegExp; readonly except?: RegExp };

/** What must not stand in code. */
const FORBIDDEN: readonly Forbidden[] = [
  { what: 'the type any', where: /^/, pattern: /(?<=[:<,|&=]\s*|\bas\s+)any\b(?!\s*[(:.=?])/ },
  { what: 'a non-null assertion', where: /^/, pattern: /(?<=[\w)\]])!(?=[.[;,)\]}\s])(?!\s*=)/ },
  { what: 'console', where: /^(lib|dev|functions)\//, pattern: /\bconsole\s*\./, except: /^dev\/setup/ },
  { what: 'a cast', where: /^lib\//, pattern: /(?<=[\w)\]}]\s)as\s+(?!const\b)[\w{[(]/, except: PARTS.adapters },
  { what: 'process.env', where: /^lib\//, pattern: /\bprocess\s*\.\s*env\b/ },
  { what: 'a module mock', where: /^test\//, pattern: /\bjest\s*\.\s*(unstable_)?(mock|mockModule)\b/ },
  {
    what: 'a request or start of an operation beside lib/operations',
    where: /^lib\//,
    pattern: /\boperations\??\s*\.\s*start\s*\(|\.\s*request\s*\(/,
    // The end of an operation starts its successor, and so does the worker that finds itself overtaken.
    except: /^lib\/(operations\/|state\/|sync\/operation\/(run|lease-keeper)\.ts$|sync\/finish\/finish-operation\.ts$)/,
  },
  {
    what: 'a DELETE beside lib/live/delete-object.ts',
    where: /^lib\//,
    pattern: /\.\s*delete\s*\(\s*[\w.]+\s*,/,
    except: /^lib\/(live\/delete-object\.ts$|kube\/)/,
  },
  { what: 'a default export', where: /^(lib|cli|dev)\//, pattern: /^export\s+default\b/m },
];

/** Imports that the table does not allow. */
export function importViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(importsOf).flatMap((one) => {
    const from = partOf(one.from);
    if (from === undefined) return [`${one.from} is in no part of the project; add its folder to the table`];
    return isAllowed(one, from) ? [] : [`${one.from} must not import ${one.to}`];
  });
}

/** Files that only hand on what others export. */
export function barrelViolations(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ text }) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^;'"]*from\b/m.test(codeOf(text)))
    .map(({ path }) => `${path} exports what another file does; import it from there`);
}

/** Files that import each other, around however many corners: one line for each circle. */
export function cycleViolations(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) circles.push([...way.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return circles;
}

/** Files that are longer than they may be. */
export function lengthViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const limit = BUDGETS.find((budget) => budget.files.test(path))?.lines ?? 0;
    return lines > limit ? [`${path} has ${lines} lines; at most ${limit}`] : [];
  });
}

/** Folders that hold too many files. */
export function folderViolations(files: readonly SourceFile[]): readonly string[] {
  const own = files.map(({ path }) => path).filter((path) => /^(lib|cli)\//.test(path));
  const folders = Map.groupBy(own, (path) => path.slice(0, path.lastIndexOf('/')));
  return [...folders]
    .filter(([folder, { length }]) => length > FILES_IN_FOLDER && !LONG_FOLDERS.test(folder))
    .map(([folder, { length }]) => `${folder} has ${length} files; at most ${FILES_IN_FOLDER}`);
}

/** Types of one name that two files of the library export. */
export function typeNameViolations(files: readonly SourceFile[]): readonly string[] {
  const exported = files
    .filter(({ path }) => path.startsWith('lib/'))
    .flatMap(({ path, text }) =>
      [...codeOf(text).matchAll(/^export\s+(?:abstract\s+)?(?:type|interface|class|enum)\s+(\w+)/gm)].map(
        ([, name = '']) => ({ name, path }),
      ),
    );
  return [...Map.groupBy(exported, ({ name }) => name)]
    .filter(([, { length }]) => length > 1)
    .map(([name, found]) => `${name} is exported by ${found.map(({ path }) => path).join(' and ')}`);
}

/** Code that says what it must not say. */
export function wordViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const code = codeOf(text).replaceAll(/^(import|export)\b[^;]*\bfrom\b[^;]*;/gm, (found) =>
      found.replaceAll(/[^\n]/g, ' '),
    );
    return FORBIDDEN.filter(({ where, except }) => where.test(path) && !except?.test(path)).flatMap((one) => {
      const at = code.search(one.pattern);
      return at < 0 ? [] : [`${path}:${code.slice(0, at).split('\n').length} has ${one.what}`];
    });
  });
}

function isAllowed(one: Import, from: Part): boolean {
  if (
    BESIDES.some(
      ({ from: who, to, names }) => who.test(one.from) && to.test(one.to) && (names?.test(one.names) ?? true),
    )
  )
    return true;
  const allowed = MAY[from];
  const to = partOf(one.to);
  if (to !== undefined) return allowed.parts.includes(to) || isOwnFolder(one, from, to);
  return allowed.packages.test(one.to) && !allowed.notPackages?.test(one.to);
}

/** A rule, or an adapter, knows its own folder and no other of its kind. */
function isOwnFolder({ from, to }: Import, part: Part, other: Part): boolean {
  const folder = (path: string): string => path.split('/').slice(0, 2).join('/');
  return part === other && folder(from) === folder(to);
}

function partOf(path: string): Part | undefined {
  const parts = Object.entries(PARTS) as [Part, RegExp][];
  return parts.find(([, pattern]) => pattern.test(path))?.[0];
}
