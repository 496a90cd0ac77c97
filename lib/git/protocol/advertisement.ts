import { DriftlessError } from '../../errors.ts';
import type { Pkt } from './pkt-line.ts';

/** The capabilities that a Git server advertises. */
export type Capabilities = {
  /** Whether it can omit blobs. */
  readonly filter: boolean;
  /** Whether `object-format=sha1` may be sent. */
  readonly objectFormat: boolean;
};

/** Reads the response to `info/refs`; a server without protocol v2 is GitProtocol, a SHA-256 repository is SourceRefused. */
export async function readAdvertisement(pkts: AsyncIterable<Pkt>, subject: string): Promise<Capabilities> {
  const lines: string[] = [];
  for await (const pkt of pkts) {
    if (pkt.kind === 'data') lines.push(pkt.bytes.toString('utf8').replace(/\n$/, ''));
  }
  if (lines[0]?.startsWith('# service=')) lines.shift();
  const [version, ...capabilities] = lines;
  if (version !== 'version 2') throw notVersion2(version, subject);
  return readCapabilities(new Map(capabilities.map(splitCapability)), subject);
}

function splitCapability(line: string): [string, string] {
  const equals = line.indexOf('=');
  return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
}

function readCapabilities(known: ReadonlyMap<string, string>, subject: string): Capabilities {
  const format = known.get('object-format');
  if (format !== undefined && format !== 'sha1') {
    throw new DriftlessError('SourceRefused', `${subject}: its object format is ${format}; only sha1 is supported`);
  }
  const features = known.get('fetch')?.split(' ');
  if (features === undefined || !known.has('ls-refs')) {
    throw new DriftlessError('GitProtocol', `${subject}: the server does not offer both ls-refs and fetch`);
  }
  return { filter: features.includes('filter'), objectFormat: format !== undefined };
}

/** Version 0 begins with a ref, version 1 with its number. */
function notVersion2(first: string | undefined, subject: string): DriftlessError {
  const older = first === 'version 1' || (first !== undefined && /^[0-9a-f]{40,64} /.test(first));
  const what = older
    ? 'speaks an older protocol; Git protocol version 2 is needed'
    : 'does not speak Git protocol version 2';
  return new DriftlessError('GitProtocol', `${subject}: the server ${what}`);
}
