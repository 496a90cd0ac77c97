#!/usr/bin/env node
// The command, as npm links it. An older Node.js cannot parse the rest, so this file is JavaScript of any age: it names the version that is
// needed, or hands over to the program.
'use strict';

var NEEDED = [22, 19];

var version = process.versions.node.split('.').map(Number);

if (version[0] < NEEDED[0] || (version[0] === NEEDED[0] && version[1] < NEEDED[1])) {
  process.stderr.write(
    'error: driftless needs Node.js ' + NEEDED.join('.') + ' or newer, and this is ' + process.version +
      '; install a newer version (https://nodejs.org)\n'
  );
  process.exitCode = 2;
} else {
  // Compiled code is kept between runs, where this Node.js can do that.
  if (require('module').enableCompileCache) require('module').enableCompileCache();
  import('./main.ts').catch(function (error) {
    process.stderr.write(String((error && error.stack) || error) + '\n');
    process.exitCode = 2;
  });
}
