/** An alarm that went from one state to another. */
export type AlarmChange = {
  readonly name: string;
  readonly arn: string;
  readonly state: AlarmState;
  /** Absent where CloudWatch does not tell. */
  readonly previous?: AlarmState;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: string;
  readonly region: string;
  readonly account: string;
  /** What keeps a composite alarm from acting, such as `Alarm` where its suppressor is in ALARM. */
  readonly suppressedBy?: string;
};

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
