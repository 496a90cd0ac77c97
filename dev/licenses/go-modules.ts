// In: the sources of the control plane, and Go's cache of modules. Out: every module whose packages are compiled into it. Nothing is downloaded: where
// the cache lacks one, this says so.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DriftlessError } from '../../lib/errors.ts';
import { type Component, componentIn } from './component.ts';

const MODULE = '{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}';
const OFFLINE = { GOPROXY: 'off', GOFLAGS: '-mod=readonly', GOWORK: 'off', CGO_ENABLED: '0' };

/** Reads the modules of the control plane, in the order of their names. */
export async function goModules(folder: string): Promise<readonly Component[]> {
  const modules = await go(folder, ['list', '-deps', '-f', MODULE, '.']);
  const [root = '', release = ''] = await go(folder, ['env', 'GOROOT', 'GOVERSION']);
  const version = /\d+\.\d+/.exec(release)?.[0] ?? release;
  const library = componentIn(root, { name: 'the standard library of Go', version });
  return [...[...new Set(modules)].sort().map(moduleOf), library];
}

function moduleOf(line: string): Component {
  const [name = '', version = '', dir = ''] = line.split('\t');
  return componentIn(dir, { name, version });
}

async function go(folder: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const env = { ...process.env, ...OFFLINE };
    const { stdout } = await promisify(execFile)('go', args, { cwd: folder, env });
    return stdout.split('\n').filter(Boolean);
  } catch (cause) {
    const message = "the control plane's modules are not in Go's cache; build it first, with npm run demo";
    throw new DriftlessError('PrerequisiteMissing', message, { cause });
  }
}
