import { wireWorker } from './wiring/worker.ts';

const answer = wireWorker(process.env);

/** Sends requests to API servers that are reached from within the VPC only. What is thrown the caller sees as an error of the function. */
export async function handler(event: unknown): Promise<unknown> {
  return answer(event);
}
