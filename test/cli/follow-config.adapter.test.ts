// Every edit of the configuration is seen, however it is saved; on a real file system.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceOf } from '../../cli/dev/config/config-trace.ts';
import { type ConfigFollowing, followConfig } from '../../cli/dev/config/follow-config.ts';

/** Longer than a test, so that only what the system tells makes a look. */
const NEVER = 3_600_000;

let dir: string;
let config: string;
const ends: (() => void)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'follow-'));
  config = join(dir, 'config');
  mkdirSync(join(config, 'team'), { recursive: true });
  writeFileSync(join(config, 'app.yaml'), 'a: 0\n');
  writeFileSync(join(config, 'team', 'other.yaml'), 'a: 0\n');
});

afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(dir, { recursive: true });
});

/** Follows the path; `edited` makes an edit and waits until `isThere` says that it was loaded. */
function follow(path: string, how: Pick<ConfigFollowing, 'lookMs' | 'watches'> = {}) {
  let told = (): void => undefined;
  let reloads = 0;
  const reload = async (): Promise<void> => {
    reloads += 1;
    told();
  };
  ends.push(followConfig(path, { seen: traceOf(path), reload, ...how }));
  return {
    reloads: () => reloads,
    edited: async (edit: () => void): Promise<void> => {
      const seen = new Promise<void>((resolve) => {
        told = resolve;
      });
      edit();
      await seen;
    },
  };
}

const app = (): string => join(config, 'app.yaml');
const sh = (command: string): void => void execFileSync('sh', ['-ec', command], { cwd: config });
let step = 0;
const text = (): string => {
  step += 1;
  return `a: ${step}\n`;
};

const replace = (path: string): void => {
  writeFileSync(`${path}.new`, text());
  renameSync(`${path}.new`, path);
};

const EDITS: readonly [string, () => void][] = [
  ['written in place', () => writeFileSync(app(), text())],
  ['replaced by rename', () => replace(app())],
  ['replaced by rename in a folder below', () => replace(join(config, 'team', 'other.yaml'))],
  ['edited by sed -i', () => sh(`sed -i 's/$/ # ${text().trim()}/' app.yaml`)],
  [
    'moved away and written anew, as vim does',
    () => {
      renameSync(app(), `${app()}~`);
      writeFileSync(app(), text());
    },
  ],
  ['deleted', () => unlinkSync(app())],
  ['added', () => writeFileSync(join(config, 'new.yaml'), text())],
  [
    'added in a new folder',
    () => {
      mkdirSync(join(config, 'new', 'deep'), { recursive: true });
      writeFileSync(join(config, 'new', 'deep', 'app.yaml'), text());
    },
  ],
  [
    'in a folder that is made anew',
    () => {
      rmSync(join(config, 'team'), { recursive: true });
      mkdirSync(join(config, 'team'));
      writeFileSync(join(config, 'team', 'other.yaml'), text());
    },
  ],
  [
    'in the whole folder made anew',
    () => {
      rmSync(config, { recursive: true });
      mkdirSync(config);
      writeFileSync(app(), text());
    },
  ],
  [
    'in a folder that took the place of this one',
    () => {
      renameSync(config, `${config}.old`);
      mkdirSync(config);
      writeFileSync(app(), text());
    },
  ],
  ['touched', () => sh('touch app.yaml')],
];

describe.each([
  ['told by the system', { lookMs: NEVER }],
  ['found by looking alone', { watches: false, lookMs: 20 }],
])('%s', (_case, how) => {
  test.each(EDITS)('R9: a file %s is seen', async (_edit, edit) => {
    const { edited } = follow(config, how);
    await edited(edit);
  });

  test('R9: each of many replacements is seen, not only the first', async () => {
    const { edited, reloads } = follow(config, how);
    for (let i = 0; i < 4; i += 1) await edited(() => replace(app()));
    expect(reloads()).toBe(4);
  });

  test('R9: a folder that is made anew is followed further on, in new folders too', async () => {
    const { edited } = follow(config, how);
    await edited(() => {
      rmSync(config, { recursive: true });
      mkdirSync(join(config, 'fresh'), { recursive: true });
      writeFileSync(join(config, 'fresh', 'app.yaml'), text());
    });
    await edited(() => replace(join(config, 'fresh', 'app.yaml')));
    await edited(() => replace(app()));
  });

  test('R9: the files of a mounted ConfigMap, which are swapped with a link, are seen', async () => {
    const mounted = join(dir, 'mounted');
    const version = (name: string): void => {
      mkdirSync(join(mounted, name), { recursive: true });
      writeFileSync(join(mounted, name, 'app.yaml'), text());
      symlinkSync(name, join(mounted, '..new'));
      renameSync(join(mounted, '..new'), join(mounted, '..data'));
    };
    version('..one');
    symlinkSync(join('..data', 'app.yaml'), join(mounted, 'app.yaml'));
    const folder = follow(mounted, how);
    const file = follow(join(mounted, 'app.yaml'), how);
    await Promise.all([folder.edited(() => version('..two')), file.edited(() => undefined)]);
    await Promise.all([folder.edited(() => version('..three')), file.edited(() => undefined)]);
  });

  test('R9: a single file is seen, replaced, deleted and written anew', async () => {
    const { edited } = follow(app(), how);
    for (let i = 0; i < 3; i += 1) await edited(() => replace(app()));
    await edited(() => unlinkSync(app()));
    await edited(() => writeFileSync(app(), text()));
  });
});

test('R9: what a commit brings is seen, pull by pull', async () => {
  const origin = join(dir, 'origin');
  const git = (command: string): void => sh(`git -c user.name=a -c user.email=a@example.com ${command}`);
  sh(
    `git init -q -b main . && git add . && git -c user.name=a -c user.email=a@example.com commit -qm one && git clone -q . ${origin}`,
  );
  sh(`git remote add origin ${origin}`);
  const pushed = (name: string): void =>
    void execFileSync(
      'sh',
      [
        '-ec',
        `mkdir -p $(dirname ${name}) && echo '${text().trim()}' > ${name} && git add . && git -c user.name=a -c user.email=a@example.com commit -qm more`,
      ],
      { cwd: origin },
    );
  const { edited } = follow(config);
  for (const name of ['app.yaml', 'app.yaml', 'more/new.yaml', 'team/other.yaml']) {
    pushed(name);
    await edited(() => git('pull -q --ff-only origin main'));
  }
  expect(readFileSync(app(), 'utf8')).toMatch(/^a: \d+\n$/);
});

test('R9: a configuration that a link leads to is seen where the link is set elsewhere, and where the file behind it changes', async () => {
  const elsewhere = join(dir, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'app.yaml'), text());
  const link = join(dir, 'link');
  symlinkSync('config', link);
  const { edited } = follow(link);
  await edited(() => replace(app()));
  await edited(() => {
    symlinkSync('elsewhere', `${link}.new`);
    renameSync(`${link}.new`, link);
  });
  await edited(() => replace(join(elsewhere, 'app.yaml')));
  unlinkSync(join(elsewhere, 'app.yaml'));
  await edited(() => symlinkSync('../config/app.yaml', join(elsewhere, 'app.yaml')));
  await edited(() => writeFileSync(app(), text()));
});

test('R9: an edit between reading and following is seen', async () => {
  const seen = traceOf(config);
  replace(app());
  await new Promise<void>((resolve) => {
    ends.push(followConfig(config, { seen, reload: async () => resolve() }));
  });
});

test('R9: what is no configuration makes no reload', async () => {
  const { edited, reloads } = follow(config);
  mkdirSync(join(config, '.git'));
  writeFileSync(join(config, '.git', 'x.yaml'), text());
  writeFileSync(join(config, '.app.yaml.swp'), text());
  writeFileSync(join(config, 'README.md'), text());
  mkdirSync(join(config, 'node_modules'));
  writeFileSync(join(config, 'node_modules', 'x.yaml'), text());
  await edited(() => replace(app()));
  expect(reloads()).toBe(1);
});
