import type { Lease } from '../model/application-record.ts';
import type { Meta } from './schema/records.ts';

/** The lease under which a worker may be writing now. */
export function liveLease({ lease }: Meta, now: number): Lease | undefined {
  return lease !== undefined && Date.parse(lease.expiresAt) > now ? lease : undefined;
}

type Newest = Pick<Meta, 'desiredSeq'> & { readonly settled?: Meta['settled'] | undefined };

/** Whether the newest requested operation has not ended. */
export function newestIsOpen({ desiredSeq, settled }: Newest): boolean {
  return desiredSeq > 0 && settled?.seq !== desiredSeq;
}

/** The end of a lease that begins now. */
export function expiry(now: number, leaseSeconds: number): string {
  return new Date(now + leaseSeconds * 1000).toISOString();
}
