import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How long logs are kept; the numbers of RetentionDays are days. */
export function logRetention(days: number): RetentionDays {
  const retention = Object.values(RetentionDays).find((value) => value === days);
  if (typeof retention !== 'number') throw new Error(`${days} days is not a time that CloudWatch keeps logs for`);
  return retention;
}
