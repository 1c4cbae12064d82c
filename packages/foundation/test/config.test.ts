import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  bytes,
  describeConfig,
  developmentOnly,
  duration,
  InvalidConfig,
  loadConfig,
  maskSecrets,
  path,
  processSections,
  projectRoot,
  secret,
} from '@platform/foundation/config';
import { z } from 'zod';

const sections = {
  server: z.strictObject({
    port: z.int().nullable(),
    shutdownTimeout: duration,
    bodyLimit: bytes,
    hosts: z.array(z.string()),
  }),
  vault: z.strictObject({
    key: secret().nullable(),
    publicKey: developmentOnly(z.string()).nullable(),
    folder: path,
    verbose: z.boolean(),
  }),
};

const defaults = `
server: { port: null, shutdownTimeout: 30s, bodyLimit: 1mb, hosts: [] }
vault: { key: null, publicKey: null, folder: .data, verbose: false }
other: { retries: 3, limits: {} }
`;

/** A configuration folder with these files; environments that are not given have no differences. */
function configFolder(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  const complete = { default: defaults, development: '', production: '', ...files };
  for (const [name, text] of Object.entries(complete)) writeFileSync(join(folder, `${name}.yaml`), text);
  return folder;
}

const load = (
  options: { files?: Record<string, string>; environment?: string; env?: Record<string, string>; set?: string[] } = {},
) => loadConfig(sections, { environment: 'development', env: {}, ...options, directory: configFolder(options.files) });

function mistakesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidConfig) return error.mistakes;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

describe('loadConfig', () => {
  it('reads units as milliseconds and bytes', () => {
    const { server } = load({ set: ['server.shutdownTimeout=15m', 'server.bodyLimit=64kb'] });
    expect(server).toMatchObject({ shutdownTimeout: 900_000, bodyLimit: 65_536 });
  });

  it('lets each source overrule the one before: default, environment file, environment variable, --set', () => {
    const files = { development: 'server: { port: 1 }' };
    const env = { SERVER_PORT: '2' };
    expect(load().server.port).toBeNull();
    expect(load({ files }).server.port).toBe(1);
    expect(load({ files, env }).server.port).toBe(2);
    expect(load({ files, env, set: ['server.port=3'] }).server.port).toBe(3);
  });

  it('reads environment variables as the type their key has', () => {
    const env = {
      SERVER_HOSTS: 'a.example, b.example',
      VAULT_VERBOSE: 'true',
      VAULT_KEY: '12345',
      SERVER_SHUTDOWN_TIMEOUT: '500ms',
    };
    const { server, vault } = load({ env });
    expect(server).toMatchObject({ hosts: ['a.example', 'b.example'], shutdownTimeout: 500 });
    expect(vault).toMatchObject({ verbose: true, key: '12345' });
  });

  it('takes lists as JSON, null for what may be null, and an empty variable for none', () => {
    const files = { development: 'server: { port: 1, hosts: [x] }' };
    expect(load({ files, env: { SERVER_PORT: 'null' } }).server.port).toBeNull();
    expect(load({ files, env: { SERVER_PORT: '' } }).server.port).toBe(1);
    expect(load({ files, env: { SERVER_HOSTS: '["a,b"]' } }).server.hosts).toEqual(['a,b']);
  });

  it('reads a relative path from the folder above the configuration', () => {
    const directory = configFolder();
    expect(loadConfig(sections, { directory, environment: 'development', env: {} }).vault.folder).toBe(
      join(dirname(directory), '.data'),
    );
  });

  it('names every mistake at once, with its key and its source', () => {
    const mistakes = mistakesOf(() =>
      load({
        files: { development: 'server: { prot: 1 }\nother: { retrys: 1 }' },
        env: { SERVER_SHUTDOWN_TIMEOUT: 'soon', SERVER_PORT: 'abc' },
        set: ['vault.colour=red', 'nonsense'],
      }),
    );
    expect(mistakes).toEqual([
      'server.prot: unknown key (config/development.yaml); did you mean server.port?',
      'other.retrys: unknown key (config/development.yaml); did you mean other.retries?',
      expect.stringContaining('vault.colour: unknown key (--set)'),
      '--set nonsense: must be key=value',
      expect.stringMatching(/^server\.port: .*\("abc" from SERVER_PORT\)$/),
      expect.stringMatching(/^server\.shutdownTimeout: must be a duration .*\("soon" from SERVER_SHUTDOWN_TIMEOUT\)$/),
    ]);
  });

  it('says how to give a value that is missing', () => {
    const required = { vault: sections.vault.extend({ key: secret() }) };
    const options = { directory: configFolder(), environment: 'development', env: {} };
    expect(mistakesOf(() => loadConfig(required, options))).toEqual(['vault.key: is required; set VAULT_KEY']);
  });

  it('does not print the value of a wrong secret', () => {
    const strict = { vault: sections.vault.extend({ key: secret(z.string().min(32)) }) };
    const options = { directory: configFolder(), environment: 'development', env: { VAULT_KEY: 'hunter2' } };
    const [mistake] = mistakesOf(() => loadConfig(strict, options));
    expect(mistake).toContain('VAULT_KEY');
    expect(mistake).not.toContain('hunter2');
  });

  it('names a file that is missing or not YAML', () => {
    expect(mistakesOf(() => load({ environment: 'staging' }))[0]).toContain('config/staging.yaml does not exist');
    expect(mistakesOf(() => load({ files: { development: 'server: [' } }))[0]).toMatch(/^config\/development\.yaml: /);
    expect(mistakesOf(() => load({ environment: '../secrets' }))[0]).toContain('is no name of an environment');
  });

  it('takes a section for no value, and an empty section for no difference', () => {
    expect(load({ files: { development: 'server:' } }).server.port).toBeNull();
    expect(mistakesOf(() => load({ files: { development: 'server: 5' } }))).toEqual([
      'server: is a section, not a value (config/development.yaml)',
    ]);
  });

  it('leaves the keys of an empty map free', () => {
    expect(() => load({ files: { development: 'other: { limits: { anything: { goes: 1 } } }' } })).not.toThrow();
  });

  it('refuses committed development values everywhere else, the public ones of a key pair too', () => {
    const files = { development: 'vault: { key: known-to-all, publicKey: known-too }' };
    const env = { VAULT_KEY: 'known-to-all', VAULT_PUBLIC_KEY: 'known-too' };
    expect(load({ files }).vault.key).toBe('known-to-all');
    expect(mistakesOf(() => load({ files, environment: 'production', env }))).toEqual([
      'vault.key: the committed development value is refused in production; set VAULT_KEY',
      'vault.publicKey: the committed development value is refused in production; set VAULT_PUBLIC_KEY',
    ]);
    expect(load({ files, environment: 'production', env: { VAULT_KEY: 'ours alone' } }).vault.key).toBe('ours alone');
  });

  it('is frozen to its leaves', () => {
    const { server } = load({ env: { SERVER_HOSTS: 'a' } });
    expect(() => (server.hosts as string[]).push('b')).toThrow(TypeError);
  });
});

describe('describeConfig and maskSecrets', () => {
  it('show every key with its source, and no secret', () => {
    const options = {
      directory: configFolder(),
      environment: 'development',
      env: { VAULT_KEY: 'hunter2' },
      set: ['server.shutdownTimeout=1s'],
    };
    const lines = describeConfig(sections, options);
    expect(lines).toContainEqual({
      key: 'vault.key',
      value: '********',
      source: 'VAULT_KEY',
      environmentVariable: 'VAULT_KEY',
    });
    expect(lines).toContainEqual({
      key: 'server.shutdownTimeout',
      value: '1s',
      source: '--set',
      environmentVariable: 'SERVER_SHUTDOWN_TIMEOUT',
    });
    expect(lines.map(({ key }) => key)).not.toContain('other.retries');
    expect(JSON.stringify(maskSecrets(sections, loadConfig(sections, options)))).not.toContain('hunter2');
  });

  it('hide secrets inside of records, also where something else in them is wrong', () => {
    const inRecord = { environment: 'development', env: { TRACING_HEADERS: '{"x.key":"hunter2"}' } };
    const lines = describeConfig(processSections, inRecord);
    expect(lines).toContainEqual(expect.objectContaining({ key: 'tracing.headers', value: { 'x.key': '********' } }));
    expect(JSON.stringify(maskSecrets(processSections, loadConfig(processSections, inRecord)))).not.toContain(
      'hunter2',
    );
    const wrong = { environment: 'development', env: { TRACING_HEADERS: '{"x.key":"hunter2","y":""}' } };
    const mistakes = mistakesOf(() => loadConfig(processSections, wrong));
    expect(mistakes.join()).toContain('tracing.headers.y');
    expect(mistakes.join()).not.toContain('hunter2');
  });
});

describe('the configuration of this repository', () => {
  const production = {
    CALLER_TOKEN_PUBLIC_KEY: '{"kty":"OKP","crv":"Ed25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}',
    DATABASE_URL: 'postgres://db/platform',
    DATABASE_ROLE_SECRET: 'a secret of thirty-two characters or more',
  };

  it.each(['development', 'test'])('is valid in %s as it is', (environment) => {
    const { platform } = loadConfig(processSections, { environment, env: {} });
    expect(platform.dataDir).toBe(join(projectRoot(), '.data'));
  });

  it('asks production for its secrets and nothing else', () => {
    expect(mistakesOf(() => loadConfig(processSections, { environment: 'production', env: {} }))).toEqual([
      'database.url: is required; set DATABASE_URL',
      'database.roleSecret: is required; set DATABASE_ROLE_SECRET',
      'callerToken.publicKey: is required; set CALLER_TOKEN_PUBLIC_KEY',
    ]);
    expect(loadConfig(processSections, { environment: 'production', env: production }).server.host).toBe('127.0.0.1');
    const { DATABASE_ROLE_SECRET: _, ...own } = { ...production, DATABASE_ROLE_PASSWORD: 'of one role' };
    expect(loadConfig(processSections, { environment: 'production', env: own }).database.rolePassword).toBe(
      'of one role',
    );
  });

  it('lets links, uploads and the issuer follow one address in development, and each have its own', () => {
    const env = { APP_PUBLIC_URL: 'https://app.example.com' };
    const together = loadConfig(processSections, { environment: 'development', env });
    expect([together.api.publicUrl, together.blobs.publicUrl]).toEqual([
      'https://app.example.com',
      'https://app.example.com',
    ]);
    const apart = loadConfig(processSections, {
      environment: 'development',
      env: { ...env, API_PUBLIC_URL: 'https://api.example.com/' },
    });
    expect([apart.app.publicUrl, apart.api.publicUrl, apart.blobs.publicUrl]).toEqual([
      'https://app.example.com',
      'https://api.example.com',
      'https://api.example.com',
    ]);
  });

  it('refuses the development key pair in production', () => {
    const { callerToken } = loadConfig(processSections, { environment: 'development', env: {} });
    const env = {
      ...production,
      CALLER_TOKEN_PUBLIC_KEY: callerToken.publicKey,
      CALLER_TOKEN_PRIVATE_KEY: callerToken.privateKey ?? '',
    };
    expect(mistakesOf(() => loadConfig(processSections, { environment: 'production', env }))).toEqual([
      expect.stringContaining('callerToken.privateKey: the committed development value is refused'),
      expect.stringContaining('callerToken.publicKey: the committed development value is refused'),
    ]);
  });
});

describe('the defaults of subgraphs', () => {
  const shop = { shop: z.strictObject({ stock: z.int(), secret: developmentOnly(z.string()).nullable() }) };
  const beside = (files: Record<string, string>) => {
    const root = mkdtempSync(join(tmpdir(), 'project-'));
    cpSync(configFolder({ development: 'shop: { stock: 7 }' }), join(root, 'config'), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, 'subgraphs', name), { recursive: true });
      writeFileSync(join(root, 'subgraphs', name, 'config.yaml'), text);
    }
    return join(root, 'config');
  };
  const own = 'shop: { stock: 3, secret: committed }';

  it('come from their folders, under what environments and the command line say', () => {
    const directory = beside({ shop: own });
    const stock = (environment: string, set: string[] = []) =>
      loadConfig(shop, { directory, environment, env: { SHOP_SECRET: 'own' }, set }).shop.stock;
    expect([stock('production'), stock('development'), stock('development', ['shop.stock=9'])]).toEqual([3, 7, 9]);
    const [line] = describeConfig(shop, { directory, environment: 'development', env: {} }).slice(-1);
    expect(line).toMatchObject({ key: 'shop.secret', source: 'subgraphs/shop/config.yaml' });
  });

  it('are as public as the others: their secrets are refused in production', () => {
    const mistakes = mistakesOf(() =>
      loadConfig(shop, { directory: beside({ shop: own }), environment: 'production', env: {} }),
    );
    expect(mistakes).toEqual([expect.stringContaining('shop.secret: the committed development value is refused')]);
  });

  it('are of their own section alone', () => {
    const directory = beside({ shop: own, stock: 'shop: { stock: 4 }\nserver: { port: 1 }' });
    const mistakes = mistakesOf(() => loadConfig(shop, { directory, environment: 'development', env: {} }));
    expect(mistakes).toEqual([
      'shop.stock: is no key of the section stock (subgraphs/stock/config.yaml)',
      'server.port: is no key of the section stock (subgraphs/stock/config.yaml)',
    ]);
  });
});

describe('defaults that extend others', () => {
  const shop = {
    server: z.strictObject({ port: z.int(), host: z.string() }),
    shop: z.strictObject({
      stock: z.int(),
      limit: z.strictObject({ rate: z.int() }).nullable(),
      prices: z.record(z.string(), z.int()),
      name: z.string(),
    }),
  };
  const base = `
server: { port: 1, host: localhost }
shop: { stock: 3, limit: { rate: 5 }, prices: { lamp: 2 }, staff: 4 }
other: { retries: 3 }
`;
  /** A folder in the folder of the base. */
  const overlay = (text: string): string => {
    const folder = join(configFolder({ default: base }), 'alone');
    cpSync(configFolder({ default: `extends: ../default.yaml\n${text}` }), folder, { recursive: true });
    return folder;
  };
  const options = (text: string) => ({ directory: overlay(text), environment: 'development', env: {} });

  it('have what differs, and the rest of what they extend', () => {
    expect(loadConfig(shop, options('shop: { stock: 7, name: Alone }'))).toEqual({
      server: { port: 1, host: 'localhost' },
      shop: { stock: 7, limit: { rate: 5 }, prices: { lamp: 2 }, name: 'Alone' },
    });
  });

  it('replace a whole map by nothing, and by an empty one', () => {
    const { shop: found } = loadConfig(shop, options('shop: { limit: null, prices: {}, name: Alone }'));
    expect(found).toEqual({ stock: 3, limit: null, prices: {}, name: 'Alone' });
  });

  it('leave out keys that the sections do not know', () => {
    const { directory } = options('shop: { name: Alone }');
    const set = ['shop.staff=1', 'other.retries=1'];
    expect(mistakesOf(() => loadConfig(shop, { directory, environment: 'development', env: {}, set }))).toEqual([
      expect.stringContaining('shop.staff: unknown key (--set)'),
      expect.stringContaining('other.retries: unknown key (--set)'),
    ]);
  });

  it('name what they extend where it does not exist', () => {
    const directory = configFolder({ default: 'extends: ../nowhere/default.yaml\nserver: { port: 1 }' });
    const mistakes = mistakesOf(() => loadConfig(shop, { directory, environment: 'development', env: {} }));
    expect(mistakes[0]).toContain('default.yaml does not exist in');
  });
});
