import { wireWorker } from './wiring/worker.ts';

const answer = wireWorker(process.env);

/** Sends requests to API servers that are reachable only from within the VPC. The caller sees a thrown error as an error of the function. */
export async function handler(event: unknown): Promise<unknown> {
  return answer(event);
}
