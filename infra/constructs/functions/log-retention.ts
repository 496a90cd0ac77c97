import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How long logs are retained; the numbers of RetentionDays are days. */
export function logRetention(days: number): RetentionDays {
  const retention = Object.values(RetentionDays).find((value) => value === days);
  if (typeof retention !== 'number') throw new Error(`CloudWatch has no log retention of ${days} days`);
  return retention;
}
