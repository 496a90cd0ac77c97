// In: what is wanted and the machine. Out: one sentence for each thing that is missing, with its remedy. Nothing is changed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NODE = [20, 19];
const GO = [1, 26];
const JAVA = [17];

/** What keeps the setup from going on, one sentence each; empty when all is there. */
export function missingPrerequisites({ go }) {
  return [platform(), node(), ...['npm', 'git'].map(command), go ? goCompiler() : undefined].filter(
    (problem) => problem !== undefined,
  );
}

/** What is missing for the tests that can be done without, as one sentence. */
export function missingForTests() {
  const found = versionIn(run('java', ['-version']), /version "(?:1\.)?([\d.]+)/);
  if (atLeast(found, JAVA)) return undefined;
  return `Java: ${described(found)}; the contract tests on DynamoDB Local are skipped, install a Java 17 runtime to run them`;
}

function platform() {
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return `platform: ${process.platform} ${process.arch} is not supported; use Linux on x86_64, for example in a container or virtual machine`;
}

function node() {
  if (atLeast(versionIn(process.version, /v([\d.]+)/), NODE)) return undefined;
  return `Node.js: found ${process.version}; install version 20.19 or newer (https://nodejs.org)`;
}

function command(name) {
  if (isOnPath(name)) return undefined;
  const remedy = name === 'npm' ? 'it comes with Node.js (https://nodejs.org)' : 'install it (https://git-scm.com)';
  return `${name}: not found on the PATH; ${remedy}`;
}

function goCompiler() {
  const found = versionIn(run('go', ['env', 'GOVERSION']), /go([\d.]+)/);
  if (atLeast(found, GO)) return undefined;
  return `Go: ${described(found)}; install version 1.26 or newer (https://go.dev/dl), it builds the embedded control plane`;
}

function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** All that a command prints; empty when there is no such command. */
function run(name, args) {
  const { stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}`;
}

function versionIn(text, pattern) {
  return pattern.exec(text)?.[1];
}

function described(found) {
  return found === undefined ? 'not found on the PATH' : `found version ${found}`;
}

function atLeast(found, wanted) {
  if (found === undefined) return false;
  const parts = found.split('.').map(Number);
  const differing = wanted.findIndex((part, index) => part !== (parts[index] ?? 0));
  return differing === -1 || (parts[differing] ?? 0) > wanted[differing];
}
