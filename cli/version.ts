import { readFileSync } from 'node:fs';

const { version }: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** The version of Driftless, from the package.json of the checkout or of the installed package. */
export const VERSION = version;
