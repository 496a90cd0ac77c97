import fc from 'fast-check';

// fast-check's own arbitraries of these take a second to set up, in each test file.

/** Any text of whole characters, of all that Unicode has. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point).toWellFormed()),
    { maxLength: 12 },
  )
  .map((characters) => characters.join(''));

/** Addresses with the parts that one can have. */
export const webAddress: fc.Arbitrary<string> = fc
  .record({
    scheme: fc.constantFrom('http', 'https'),
    user: fc.constantFrom('', 'ada@', 'ada:secret@'),
    host: fc.constantFrom('a.example', 'git.a-b.example', '127.0.0.1', '[::1]', 'EXAMPLE.com.'),
    port: fc.constantFrom('', ':8443', ':80'),
    path: fc.array(fc.oneof(fc.string(), fc.constantFrom('..', '%2e', '%00', '.git', '')), { maxLength: 4 }),
    rest: fc.constantFrom('', '?a=b', '#part', '?'),
  })
  .map(({ scheme, user, host, port, path, rest }) => `${scheme}://${user}${host}${port}/${path.join('/')}${rest}`);
