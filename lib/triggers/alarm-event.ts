// In: an event of CloudWatch: of EventBridge, of an alarm's Lambda action, or SNS records. Out: changes of the states of metric and composite alarms. May go
// wrong: PayloadInvalid, naming the field. Shapes: "Alarm events and EventBridge", "Using Lambda alarm actions" and "Notifying users on alarm changes" in the
// Amazon CloudWatch User Guide. Unknown fields are accepted, since AWS adds some.
import { z } from 'zod';
import { DriftlessError } from '../errors.ts';
import type { AlarmChange } from '../model/alarm-change.ts';

const text = z.string().min(1).max(4096);
const arn = z.string().regex(/^arn:[\w-]+:cloudwatch:[\w-]+:\d{12}:alarm:.+$/, 'is not the ARN of a CloudWatch alarm');
const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** CloudWatch writes `2026-01-02T03:04:05.678+0000`, which only some parsers accept. */
const time = z
  .string()
  .transform((written) => Date.parse(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .refine((ms) => !Number.isNaN(ms), 'is not a time')
  .transform((ms) => new Date(ms).toISOString());

const state = z.object({
  value: alarmState,
  reason: z.string().default(''),
  timestamp: time,
  actionsSuppressedBy: text.optional(),
});

const alarm = z.object({ alarmName: text, state, previousState: z.object({ value: alarmState }).optional() });

const bridged = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  resources: z.tuple([arn], arn),
  detail: alarm,
});

const invoked = z.object({ source: z.literal('aws.cloudwatch'), alarmArn: arn, alarmData: alarm });

const published = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })).min(1) });

const message = z.object({
  AlarmName: text,
  AlarmArn: arn,
  NewStateValue: alarmState,
  OldStateValue: alarmState.optional(),
  NewStateReason: z.string().default(''),
  StateChangeTime: time,
});

/** Reads an alarm event of any shape; SNS may bring several at once. */
export function parseAlarmEvent(event: unknown): readonly AlarmChange[] {
  if (has(event, 'Records'))
    return parsed(published, event).Records.map(({ Sns }, place) => readMessage(Sns.Message, place));
  if (has(event, 'detail')) {
    const { resources, detail } = parsed(bridged, event);
    return [changeOf(resources[0], detail)];
  }
  if (has(event, 'alarmData')) {
    const { alarmArn, alarmData } = parsed(invoked, event);
    return [changeOf(alarmArn, alarmData)];
  }
  throw malformed('needs detail, alarmData or Records; send an event of EventBridge, an alarm or SNS');
}

function changeOf(alarmArn: string, { alarmName, state, previousState }: z.infer<typeof alarm>): AlarmChange {
  const { value, reason, timestamp, actionsSuppressedBy } = state;
  return {
    name: alarmName,
    ...placeOf(alarmArn),
    state: value,
    ...(previousState && { previous: previousState.value }),
    at: timestamp,
    reason,
    ...(actionsSuppressedBy !== undefined && { suppressedBy: actionsSuppressedBy }),
  };
}

function readMessage(json: string, place: number): AlarmChange {
  const where = `Records[${place}].Sns.Message`;
  const change = parsed(message, unwrapped(json, where), `${where}.`);
  return {
    name: change.AlarmName,
    ...placeOf(change.AlarmArn),
    state: change.NewStateValue,
    ...(change.OldStateValue && { previous: change.OldStateValue }),
    at: change.StateChangeTime,
    reason: change.NewStateReason,
  };
}

function unwrapped(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw malformed(`${where} is not JSON`, cause);
  }
}

function placeOf(alarmArn: string): Pick<AlarmChange, 'arn' | 'region' | 'account'> {
  const [, , , region = '', account = ''] = alarmArn.split(':');
  return { arn: alarmArn, region, account };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, prefix = ''): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message: problem }) => `${prefix}${path.join('.')}: ${problem}`);
  throw malformed(problems.join('; '));
}

function malformed(what: string, cause?: unknown): DriftlessError {
  return new DriftlessError('PayloadInvalid', `alarm event: ${what}`, { cause });
}

function has<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}
