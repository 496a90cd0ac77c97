// The scans of a deployer on a laptop. In: the deployer's ports. Out: scans on a schedule and at once; one that fails is made again in a while.

import { scanAll } from '../../lib/drift/scan-all.ts';
import { scanNamed } from '../../lib/drift/scan-now.ts';
import type { DriftPorts, ScanSummary } from '../../lib/drift/scan-ports.ts';
import { ScanMemory } from '../../lib/drift/unchanged-index.ts';
import { asDriftlessError } from '../../lib/errors.ts';
import type { DriftRecord } from '../../lib/model/drift.ts';
import { every } from './every.ts';

/** A scan that takes longer goes on with the next one. */
const SCAN_LIMIT_MS = 60_000;

export type DriftWatch = {
  /** Waits for a scan that goes on, then scans. */
  readonly scan: (clusters?: readonly string[]) => Promise<ScanSummary>;
  readonly check: (apps: readonly string[]) => Promise<readonly DriftRecord[]>;
  readonly stop: () => Promise<void>;
};

/** Scans every so many milliseconds until it is stopped; 0 is never. */
export function watchDrift(scanMs: number, ports: DriftPorts): DriftWatch {
  const remembering = { ...ports, memory: new ScanMemory(ports.blobs, ports.log) };
  let last: Promise<unknown> = Promise.resolve();
  const scan = (clusters?: readonly string[]): Promise<ScanSummary> => {
    const next = last.then(() => {
      const deadlineMs = ports.clock.monotonic() + SCAN_LIMIT_MS;
      return scanAll({ deadlineMs, ...(clusters && { clusters }) }, remembering);
    });
    last = next.catch(() => undefined);
    return next;
  };
  const scanOrWarn = async (): Promise<void> => {
    try {
      await scan();
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      ports.log.warn('could not scan for drift', { code, reason: message });
    }
  };
  return {
    scan,
    check: (apps) => scanNamed(apps, remembering),
    stop: scanMs === 0 ? async () => undefined : every(scanMs, scanOrWarn, ports.clock),
  };
}
