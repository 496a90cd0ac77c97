import { wireRender } from './wiring/render.ts';

const render = wireRender(process.env);

/**
 * Renders for a step of the sync function, which waits for the result. An error of the rendering is a result too; the caller sees any other error as an
 * error of the function, and retries.
 */
export async function handler(event: unknown): Promise<unknown> {
  return render(event);
}
