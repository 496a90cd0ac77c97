import type { Blobs } from '../../lib/ports/store.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What every Blobs does; `open` gives each test an empty one. */
export function blobsContract(open: () => Promise<Blobs>): void {
  test.each([
    ['text', bytesOf('apiVersion: v1\n')],
    ['nothing', new Uint8Array()],
    ['every byte', Uint8Array.from({ length: 256 }, (_, i) => i)],
    ['a megabyte', Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 251)],
  ])('a blob of %s is read back', async (_content, bytes) => {
    const blobs = await open();
    await blobs.put('rendered/0a1b', bytes);
    const read = await blobs.get('rendered/0a1b');
    expect(read).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(read ?? []).toString('base64')).toBe(Buffer.from(bytes).toString('base64'));
  });

  test('a part of a larger buffer is stored as that part', async () => {
    const blobs = await open();
    await blobs.put('rendered/part', Buffer.from('0123456789').subarray(2, 5));
    expect(await blobs.get('rendered/part')).toEqual(bytesOf('234'));
  });

  test.each(['rendered/missing', 'rendered', 'rendered/0a1b/below'])(
    'a blob that was never put, %s, is undefined',
    async (key) => {
      const blobs = await open();
      await blobs.put('rendered/0a1b', bytesOf('there'));
      expect(await blobs.get(key)).toBeUndefined();
    },
  );

  test('a blob that is put again is replaced', async () => {
    const blobs = await open();
    await blobs.put('plans/shop-1', bytesOf('a long first version'));
    await blobs.put('plans/shop-1', bytesOf('second'));
    expect(await blobs.get('plans/shop-1')).toEqual(bytesOf('second'));
  });

  test('blobs that are put at once do not meet', async () => {
    const blobs = await open();
    const keys = Array.from({ length: 20 }, (_, i) => `plans/shop-${i}`);
    await Promise.all(keys.map((key) => blobs.put(key, bytesOf(key))));
    expect(await Promise.all(keys.map((key) => blobs.get(key)))).toEqual(keys.map(bytesOf));
  });

  test('whoever reads while one key is put again and again sees a whole blob', async () => {
    const blobs = await open();
    const versions = ['a', 'b', 'c', 'd'].map((letter) => bytesOf(letter.repeat(200_000)));
    await blobs.put('plans/shop-1', bytesOf(''));
    const writes = versions.map((version) => blobs.put('plans/shop-1', version));
    for (const read of await Promise.all(versions.map(() => blobs.get('plans/shop-1')))) {
      expect([0, 200_000]).toContain(read?.length);
      expect(new Set(read).size).toBeLessThanOrEqual(1);
    }
    await Promise.all(writes);
  });

  test.each([
    ['leads out of the folder', '../secrets'],
    ['leads out on its way', 'rendered/../../secrets'],
    ['is absolute', '/etc/passwd'],
    ['is empty', ''],
    ['has an empty name', 'rendered//0a1b'],
    ['ends with a slash', 'rendered/'],
    ['is hidden', 'rendered/.tmp'],
    ['has a backslash', 'rendered\\0a1b'],
    ['has a null', 'rendered/a\0b'],
    ['has a line end', 'rendered/a\n'],
    ['is too long', `rendered/${'a'.repeat(201)}`],
  ])('a key that %s is refused', async (_fault, key) => {
    const blobs = await open();
    const refusal = expect.objectContaining({
      code: 'Internal',
      message: expect.stringMatching(/^blob ".*": its key is invalid/),
    });
    await expect(blobs.put(key, bytesOf('x'))).rejects.toEqual(refusal);
    await expect(blobs.get(key)).rejects.toEqual(refusal);
  });
}
