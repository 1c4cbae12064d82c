import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformProcess } from '@platform/testkit';
import { platformctl } from '../src/main.js';

const DATABASE = ['database.url', 'database.roleSecret', 'callerToken.publicKey'];
const IDENTITY = [
  'app.publicUrl',
  'api.publicUrl',
  'callerToken.privateKey',
  'mail.transport',
  'mail.from',
  'identity.keyEncryptionSecret',
];
/** Commands that are identity and authz in one process make the keys of their caller tokens themselves. */
const PEOPLE = [...DATABASE, ...IDENTITY].filter((key) => !key.startsWith('callerToken.'));
const EVERYTHING = [...DATABASE, ...IDENTITY, 'audit.signingKey'];
const APART = [...DATABASE, 'redis.url', 'kafka.brokers'];

/** Every command line that reads the platform's configuration, and what it cannot do without in production. */
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['dev', [...EVERYTHING, 'seed.adminEmail']],
  ['start router', ['redis.url', 'api.publicUrl', 'callerToken.privateKey', 'callerToken.publicKey']],
  ['start identity', [...APART, ...IDENTITY]],
  ['start authz', [...APART, 'callerToken.privateKey']],
  ['start audit', [...APART, 'api.publicUrl', 'audit.signingKey']],
  ['start blog', [...APART, 'api.publicUrl']],
  ['migrate', DATABASE],
  ['migrate --check', DATABASE],
  ['seed', [...PEOPLE, 'seed.adminEmail']],
  ['users list', PEOPLE],
  ['users show ada@example.com', PEOPLE],
  ['users unlock ada@example.com', PEOPLE],
  ['users make-administrator ada@example.com', PEOPLE],
  ['users reset-password ada@example.com', PEOPLE],
  ['users disable-mfa ada@example.com', PEOPLE],
  ['users revoke-sessions ada@example.com', PEOPLE],
  ['backup ARCHIVE', DATABASE],
  ['restore ARCHIVE', DATABASE],
  ['restore ARCHIVE --replace', DATABASE],
  ['keys list', [...DATABASE, ...IDENTITY]],
  ['keys rotate', [...DATABASE, ...IDENTITY]],
  ['audit verify', [...DATABASE, 'audit.signingKey']],
  ['audit export', [...DATABASE, 'audit.signingKey']],
  ['audit archive', [...DATABASE, 'audit.signingKey']],
  ['audit rotate-key --new-key KEY', [...DATABASE, 'audit.signingKey']],
  ['audit key', ['audit.signingKey']],
  ['events list', EVERYTHING],
  ['events replay blog', EVERYTHING],
  ['events dlq list', EVERYTHING],
  ['role-passwords', ['database.roleSecret']],
];

/** Commands that work on files, or on a configuration of their own. */
const WITHOUT = [
  'generate',
  'new',
  'supergraph',
  'persisted-queries',
  'modules',
  'config',
  'router',
  'caller-token',
  'loadtest',
];

describe('in production', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'platform-production-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const run = (commandLine: string, env: Record<string, string> = {}) =>
    PlatformProcess.run(commandLine.replace(/ARCHIVE|KEY/, join(dataDir, 'given')).split(' '), {
      PLATFORM_ENV: 'production',
      PLATFORM_DATA_DIR: dataDir,
      ...env,
    });

  it('no command is forgotten here', async () => {
    const names = (await platformctl(undefined)).commands.map((command) => command.name());
    const known = [...COMMANDS.map(([commandLine]) => commandLine.split(' ')[0]), ...WITHOUT];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(COMMANDS)(
    '%s names all that it has not been told, does nothing, and exits with 1',
    async (commandLine, keys) => {
      const { code, printed } = await run(commandLine);
      const named = [...printed.matchAll(/^ {2}- ([\w.]+): /gm)].map(([, key]) => key);
      expect({ code, named: named.toSorted() }).toEqual({ code: 1, named: [...keys].toSorted() });
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    },
  );

  it.each([
    ['mail.transport', { MAIL_TRANSPORT: 'mailbox' }],
    ['app.publicUrl', { APP_PUBLIC_URL: 'http://localhost:4000' }],
    ['database.roleSecret', { DATABASE_ROLE_SECRET: 'development-role-secret-not-for-production' }],
  ])('%s of a developer is no answer', async (key, env) => {
    expect((await run('start identity', env)).printed).toContain(`  - ${key}: `);
  });

  it('nobody makes caller tokens', async () => {
    expect(await run('caller-token blog')).toMatchObject({ code: 1 });
  });
});
