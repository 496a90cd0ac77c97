// What is shipped, and under which licences: `npm run licenses` and NOTICE.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { copyrightsOf, isAllowed, licenseOf, termsOf } from '../../dev/licenses/license-text.ts';
import { listOf, noticeOf, PARTS } from '../../dev/licenses/notice.ts';
import { npmPackages } from '../../dev/licenses/npm-packages.ts';
import packageJson from '../../package.json' with { type: 'json' };
import packageLock from '../../package-lock.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const notice = read('NOTICE');
const npm = npmPackages(ROOT);

/** The modules of the control plane, as NOTICE lists them. */
const modules = [...(notice.split(PARTS.go)[1] ?? '').matchAll(/^([a-z]\S+) (v\S+): (.+)$/gm)].map(
  ([, name = '', version = '', license = '']) => ({ name, version, license }),
);

test('the product is under Apache-2.0, and says so alike everywhere', () => {
  expect([packageJson.license, packageLock.packages[''].license, licenseOf(read('LICENSE'))]).toEqual([
    'Apache-2.0',
    'Apache-2.0',
    'Apache-2.0',
  ]);
});

test('NOTICE lists the packages that are shipped, as npm run licenses finds them', () => {
  expect(notice).toContain(listOf('npm', npm));
});

test('NOTICE lists modules in the versions of go.mod, those that the control plane imports itself among them', () => {
  const goMod = read('dev/control-plane/go.mod');
  const direct = [...goMod.matchAll(/^\t(\S+) (v\S+)$/gm)].map(([, name, version]) => `${name} ${version}`);
  const listed = modules.map(({ name, version }) => `${name} ${version}`);
  expect(direct.length).toBeGreaterThan(5);
  expect({
    missing: direct.filter((one) => !listed.includes(one)),
    outdated: listed.filter((one) => !goMod.includes(`\t${one}`)),
  }).toEqual({ missing: [], outdated: [] });
});

test('everything that is shipped has an allowed licence', () => {
  const shipped = [...npm, ...modules];
  expect(shipped.length).toBeGreaterThan(200);
  expect(shipped.filter(({ license }) => !isAllowed(license))).toEqual([]);
});

test.each([
  ['Apache-2.0', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND BSD-3-Clause', true],
  ['Apache-2.0 AND GPL-2.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['unknown', false],
])('the licence %s is allowed: %s', (license, allowed) => {
  expect(isAllowed(license)).toBe(allowed);
});

const BSD = 'Redistribution and use in source and binary\nforms, with or without modification, are permitted';
const MIT = `Permission is hereby granted, free of charge, to any person …
The above copyright notice and this permission notice shall be included in all copies`;

test.each([
  ['BSD with two clauses', BSD, 'BSD-2-Clause'],
  ['BSD with three clauses', `${BSD} …\nNeither the name of the owner nor …`, 'BSD-3-Clause'],
  ['MIT', MIT, 'MIT'],
  [
    'ISC in lines of another length',
    'Permission to use, copy, modify, and distribute this software for any\npurpose is granted, provided that the above\ncopyright notice',
    'ISC',
  ],
  ['two licences', `${MIT}\nLicensed under the Apache License, Version 2.0`, 'Apache-2.0 AND MIT'],
  ['a text of its own', 'All rights reserved.', 'unknown'],
])('a licence file with %s is recognised', (_what, text, license) => {
  expect(licenseOf(text)).toBe(license);
});

const LICENSE = `The MIT License\n\nCopyright (c) 2014  Ada\n  Copyright 2015 Grace\n\n${MIT}\n`;

test('authors are told by the lines that name them, not by the terms', () => {
  expect(copyrightsOf(`${LICENSE}Copyright [yyyy] [name of copyright owner]`)).toEqual([
    'Copyright (c) 2014 Ada',
    'Copyright 2015 Grace',
  ]);
  expect(termsOf(LICENSE)).toBe(`The MIT License\n\n${MIT}`);
});

test('NOTICE repeats the notices of others, and the terms of each licence once', () => {
  const component = { version: '1.0.0', copyrights: [], notice: '', texts: [] };
  const text = noticeOf({
    npm: [
      { ...component, name: 'one', license: 'MIT', texts: [LICENSE] },
      { ...component, name: 'two', license: 'MIT', texts: [LICENSE] },
    ],
    go: [{ ...component, name: 'three', license: 'Apache-2.0', notice: 'Three\nby Ada' }],
  });
  expect(text.slice(text.indexOf('Notices of others'))).toBe(`Notices of others
=================

NOTICE of three:

  Three
  by Ada

Terms
=====

MIT, as one has it:

  The MIT License

  ${MIT.replace('\n', '\n  ')}
`);
});
