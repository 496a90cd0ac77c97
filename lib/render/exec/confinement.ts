// How a rendering tool is confined: no network, limited memory, and an end together with the process that started it. In: a program and its
// arguments. Out: the command to spawn. The system decides how much of it the kernel enforces; a network namespace needs root or user namespaces.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Runs a program in the caller's process group, until it ends or the shell's standard input does: the kernel closes that pipe with the process that
 * holds its other end, also when that process is killed. `ulimit -d` limits what Go and C programs allocate, in KiB.
 */
const UNTIL_INPUT_ENDS = `exec 3<&0
{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 &
exec 3<&-
ulimit -d "$1" 2>/dev/null; shift
exec "$@" </dev/null`;

/** Ways to a network namespace of its own, in which even the loopback interface is down: as root, and as a user. */
const NETWORKLESS: readonly (readonly string[])[] = [
  ['/usr/bin/unshare', '--net', '--'],
  ['/usr/bin/unshare', '--user', '--map-root-user', '--net', '--'],
];

export type Confinement = { readonly memoryBytes: number; readonly network: boolean };

/** The command that runs a program confined; its standard input must be a pipe that stays open. */
export function confined(
  program: string,
  args: readonly string[],
  { memoryBytes, network }: Confinement,
): { readonly program: string; readonly args: readonly string[] } {
  const isolation = network ? [] : networkless();
  const kibibytes = String(Math.ceil(memoryBytes / 1024));
  return { program: '/bin/sh', args: ['-c', UNTIL_INPUT_ENDS, 'sh', kibibytes, ...isolation, program, ...args] };
}

let tried: readonly string[] | undefined;

/** The first way that this system allows, looked for once; none where it allows none, such as on AWS Lambda. */
function networkless(): readonly string[] {
  tried ??=
    NETWORKLESS.find(([program = '', ...args]) => {
      const { status } = spawnSync(program, [...args, '/bin/true'], { stdio: 'ignore', timeout: 5_000 });
      return status === 0;
    }) ?? [];
  return tried;
}

/** Whether tools run without any network here; otherwise it is the reading of their input that keeps addresses away from them. */
export function hasNetworkNamespaces(): boolean {
  return networkless().length > 0;
}

/** Bytes of memory that a process and everything below it hold now; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  try {
    const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return 1024 * Number(kibibytes) + children.reduce((sum, child) => sum + residentBytes(Number(child)), 0);
  } catch {
    return 0;
  }
}
