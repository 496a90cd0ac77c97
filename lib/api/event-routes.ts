// Events over HTTP, for deployers without EventBridge. In: an alarm event in any shape that CloudWatch sends. Out: the response to it.
import { Hono } from 'hono';
import { z } from 'zod';
import type { Log } from '../ports/runtime.ts';
import { bodyOf, failed } from './responses.ts';

export type EventPorts = {
  /** Handles an alarm event; its answer is JSON. */
  readonly alarm: (event: unknown) => Promise<object>;
  readonly log: Log;
};

/** Makes the routes below `/events`. */
export function createEvents(ports: EventPorts): Hono {
  const events = new Hono();
  events.onError((thrown, context) => failed(context, thrown, ports.log));
  events.post('/alarm', async (context) => context.json(await ports.alarm(await bodyOf(context, z.unknown())), 202));
  return events;
}
