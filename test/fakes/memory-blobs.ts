import type { Blobs } from '../../lib/ports/store.ts';

/** Blobs that end with the test. */
export function memoryBlobs(): Blobs {
  const kept = new Map<string, Uint8Array>();
  return { put: async (key, bytes) => void kept.set(key, bytes), get: async (key) => kept.get(key) };
}
