import type { Lease } from '../model/application-record.ts';
import type { Meta } from './schema/records.ts';

/** The lease under which somebody may be writing now. */
export function liveLease({ lease }: Meta, now: number): Lease | undefined {
  return lease !== undefined && Date.parse(lease.expiresAt) > now ? lease : undefined;
}

/** Whether the newest operation that was asked for has not ended. */
export function newestIsOpen({ desiredSeq, settled }: Meta): boolean {
  return desiredSeq > 0 && settled?.seq !== desiredSeq;
}

/** The end of a lease that is given now. */
export function expiry(now: number, leaseSeconds: number): string {
  return new Date(now + leaseSeconds * 1000).toISOString();
}
