import type { Blobs } from '../../../lib/ports/store.ts';
import { JsonBlobs } from '../../../lib/runtime/json-blobs.ts';

function blobs(): Blobs & { readonly kept: Map<string, Uint8Array>; isDown: boolean; reads: number } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    isDown: false,
    reads: 0,
    async put(key, bytes) {
      if (this.isDown) throw new Error('down');
      kept.set(key, bytes);
    },
    async get(key) {
      this.reads += 1;
      return kept.get(key);
    },
  };
}

test('a value is found again, by another process too', async () => {
  const store = blobs();
  await new JsonBlobs<object>(store).put('plans/shop/1', { a: ['ü', 1, null] });
  expect(await new JsonBlobs<object>(store).get('plans/shop/1')).toEqual({ a: ['ü', 1, null] });
});

test('the process that kept or read a value does not read it again', async () => {
  const store = blobs();
  const [writer, reader] = [new JsonBlobs<string>(store), new JsonBlobs<string>(store)];
  await writer.put('k', 'v');
  await writer.get('k');
  await reader.get('k');
  await reader.get('k');
  expect(store.reads).toBe(1);
});

test('a value that could not be kept is not there, not even for the same process', async () => {
  const store = blobs();
  const kept = new JsonBlobs<string>(store);
  store.isDown = true;
  await expect(kept.put('k', 'v')).rejects.toThrow('down');
  expect(await kept.find('k')).toBeUndefined();
});

test('a missing value is an error that names its key', async () => {
  await expect(new JsonBlobs<string>(blobs()).get('plans/shop/1')).rejects.toMatchObject({
    code: 'Internal',
    message: 'blob plans/shop/1 does not exist; was the store cleared while the operation ran?',
  });
});
