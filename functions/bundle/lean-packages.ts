// In: a bundle in progress. Out: the same bundle without those parts of some packages that no function uses but that the bundler cannot detect. May fail
// with "no matching export" where new code needs such a part: export it here then.
import { readFile } from 'node:fs/promises';
import type { Loader, Plugin, PluginBuild } from 'esbuild';

type Replaced = { readonly what: RegExp; readonly from?: RegExp; readonly by: string };

const REPLACED: readonly Replaced[] = [
  {
    // Its index also brings fetch, WebSocket, mocks and caches, half a megabyte.
    what: /^undici$/,
    by: "export { default as Pool } from 'undici/lib/dispatcher/pool.js';",
  },
  {
    // Bodies are text or bytes, never forms.
    what: /\/web\/(webidl|fetch\/(formdata|body\.js))$/,
    from: /\/undici\//,
    by: 'export const webidl = { is: { FormData: () => false } };',
  },
  {
    // Requests to Git and API servers use HTTP/1.1.
    what: /\/client-h2\.js$/,
    from: /\/undici\//,
    by: "export default function connectH2() { throw new Error('HTTP/2 is not bundled'); }",
  },
  {
    // For processors without SIMD; Lambda has none of these.
    what: /\/llhttp-wasm\.js$/,
    from: /\/undici\//,
    by: "export default '';",
  },
  {
    // The functions need no JSON Schema.
    what: /\/json-schema-processors\.js$/,
    from: /\/zod\/v4\/classic\/schemas\.js$/,
    by: 'export {};',
  },
  {
    what: /\/to-json-schema\.js$/,
    from: /\/zod\/v4\/classic\/schemas\.js$/,
    by: 'export const createToJSONSchemaMethod = () => undefined; export const createStandardJSONSchemaMethod = () => undefined;',
  },
  {
    // The table is where its region's endpoint is.
    what: /^@aws-sdk\/endpoint-cache$/,
    by: 'export class EndpointCache {}',
  },
  {
    // No call of the functions returns an event stream.
    what: /^@smithy\/core\/event-streams$/,
    by: 'export const eventStreamSerdeProvider = () => undefined; export const resolveEventStreamSerdeConfig = (config) => config;',
  },
  {
    // The SDK gets our own transport; its default contains the complete Lambda client.
    what: /^@aws-sdk\/client-lambda$/,
    from: /\/durable-execution-sdk-js\//,
    by: 'export {};',
  },
  {
    // A function has its credentials in its environment only.
    what: /^@aws-sdk\/credential-provider-node$/,
    by: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
];

/** AWS errors that the code identifies by their class; all others are identified by name, which they keep. */
export const ERROR_CLASSES: readonly string[] = [
  'NoSuchKey',
  'TransactionCanceledException',
  'TransactionInProgressException',
];

type Edited = { readonly file: RegExp; readonly loader: Loader; readonly edit: (text: string) => string };

const EDITED: readonly Edited[] = [
  {
    // Of a namespace that is imported as one the bundler keeps what is used; of the same one as an export `z` all of it, in fifty languages.
    file: /\/(lib|functions)\/[^.]*\.ts$/,
    loader: 'ts',
    edit: (text) => text.replace(/^import \{ z \} from 'zod';$/m, "import * as z from 'zod';"),
  },
  {
    file: /\/@aws-sdk\/[^/]+\/dist-es\/schemas\/schemas_0\.js$/,
    loader: 'js',
    edit: (text) => withoutErrors(withoutComputedKeys(text)),
  },
  {
    // All that is read of it is the version.
    file: /\/package\.json$/,
    loader: 'json',
    edit: (text) => JSON.stringify({ version: JSON.parse(text).version }),
  },
];

/** The bundler keeps unused shapes with computed keys, since computing a key might have side effects. */
function withoutComputedKeys(schemas: string): string {
  const constants = new Map(
    [...schemas.matchAll(/^const (\w+) = (".*");$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  return schemas.replace(/(?<=[{,] )\[(\w+)\](?=:)/g, (whole, name) => constants.get(name) ?? whole);
}

/** An error without a class of its own is one of the service, by the same name. */
function withoutErrors(schemas: string): string {
  return schemas.replace(/^n0_registry\.registerError\((\w+)\$, \w+\);$/gm, (whole, name) =>
    ERROR_CLASSES.includes(name) ? whole : '',
  );
}

/** Omits unused parts. */
export const leanPackages: Plugin = {
  name: 'lean-packages',
  setup(build) {
    for (const replaced of REPLACED) replace(build, replaced);
    for (const { file, loader, edit } of EDITED) {
      build.onLoad({ filter: file }, async ({ path }) => ({
        contents: edit(await readFile(path, 'utf8')),
        loader,
      }));
    }
  },
};

function replace(build: PluginBuild, { what, from = /^/, by }: Replaced): void {
  build.onResolve({ filter: what }, ({ path, importer, resolveDir }) =>
    from.test(importer) ? { path, namespace: 'lean', pluginData: { contents: by, resolveDir } } : undefined,
  );
  build.onLoad({ filter: what, namespace: 'lean' }, ({ pluginData }) => pluginData);
}
