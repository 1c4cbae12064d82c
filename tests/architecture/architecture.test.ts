import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cruise, repository, sources } from './cruise.js';

/** What goes from one folder to the other and back, though no file does. */
const roundTrip = {
  rule: 'no-cycles-of-folders',
  from: 'packages/foundation/src/health',
  to: 'packages/foundation/src/metrics',
};

/** Of the federation engine, from the foot upwards, and what stands on all of them. */
const rooms = [
  ...['base', 'planning', 'schema', 'operation', 'plan', 'fetching'],
  ...['authorization', 'projection', 'caching', 'prepared', 'execution', 'engine.ts'],
].map((room) => ({ room, file: room.endsWith('.ts') ? room : `${room}/x.ts` }));

const inEngine = (file: string): string => `packages/federation-engine/src/${file}`;

/** From each room to the next one above it. */
const upwards = rooms.slice(0, -1).map(({ room }, at) => {
  const { file } = rooms[at + 1] as (typeof rooms)[number];
  return [`engine-${room}`, inEngine(`${room}/a.ts`), `../${file.replace('.ts', '.js')}`, inEngine(file)] as const;
});

/** For every rule an import that breaks it: the rule, the importing file, what it imports, and where that is. */
const violations = [
  ...upwards,
  ['no-cycles', 'packages/redis/src/cache/a.ts', './b.js', 'packages/redis/src/cache/b.ts'],
  ['resolvable', 'router/src/lost.ts', '@platform/foundation/nowhere', '@platform/foundation/nowhere'],
  ['stack-foundation', 'packages/foundation/src/logging/a.ts', '@platform/events', 'packages/events/src/index.ts'],
  ['stack-postgres', 'packages/events/src/a.ts', '@platform/redis/cache', 'packages/redis/src/cache/index.ts'],
  ['stack-embedded-postgres', 'packages/auth/src/a.ts', '@platform/contracts', 'packages/contracts/src/index.ts'],
  ['stack-mail-queue', 'packages/contracts/src/a.ts', '@platform/blog', 'subgraphs/blog/src/main.ts'],
  ['stack-subgraph-server', 'packages/subgraph-server/src/a.ts', '@platform/router', 'router/src/main.ts'],
  ['subgraphs-meet-in-the-schema', 'subgraphs/audit/src/a.ts', '@platform/blog', 'subgraphs/blog/src/main.ts'],
  [
    'contracts-are-known-by-one-name',
    'subgraphs/audit/src/c.ts',
    '@platform/blog-contracts',
    'subgraphs/blog/contracts/src/index.ts',
  ],
  ['contracts-know-no-code', 'subgraphs/blog/contracts/src/a.ts', '@platform/blog', 'subgraphs/blog/src/main.ts'],
  ['router-knows-no-subgraph', 'router/src/a.ts', '@platform/blog', 'subgraphs/blog/src/main.ts'],
  ['runtime-puts-together', 'subgraphs/audit/src/b.ts', '@platform/runtime/modules', 'packages/runtime/src/modules.ts'],
  ['tests-are-for-tests', 'tools/platformctl/src/a.ts', '@platform/testkit', 'packages/testkit/src/index.ts'],
  ['subgraph-entities', 'subgraphs/blog/src/entities/a.ts', '../services/x.js', 'subgraphs/blog/src/services/x.ts'],
  ['subgraph-services', 'subgraphs/blog/src/services/a.ts', '../resolvers/x.js', 'subgraphs/blog/src/resolvers/x.ts'],
  ['subgraph-loaders', 'subgraphs/blog/src/loaders/a.ts', '../services/x.js', 'subgraphs/blog/src/services/x.ts'],
  ['subgraph-resolvers', 'subgraphs/blog/src/resolvers/a.ts', '../events/x.js', 'subgraphs/blog/src/events/x.ts'],
  ['subgraph-events', 'subgraphs/blog/src/events/a.ts', '../resolvers/x.js', 'subgraphs/blog/src/resolvers/x.ts'],
  ['router-stages', 'router/src/stages/a.ts', '../transports/x.js', 'router/src/transports/x.ts'],
  ['router-pipeline', 'router/src/pipeline.ts', './transports/x.js', 'router/src/transports/x.ts'],
] as const;

describe('the directions of dependencies', () => {
  let fixture: string;

  beforeEach(() => {
    fixture = mkdtempSync(join(tmpdir(), 'platform-architecture-'));
  });

  afterEach(() => {
    rmSync(fixture, { recursive: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(join(fixture, dirname(file)), { recursive: true });
    writeFileSync(join(fixture, file), text);
  }

  it('are kept by every file', async () => {
    expect(sources(repository).length).toBeGreaterThan(50);
    expect(await cruise(repository)).toEqual([]);
  });

  it.each(['import', 'import type', 'export type'])(
    'are kept by rules that a forbidden `%s` breaks',
    async (keyword) => {
      for (const [, , , to] of violations) if (to.endsWith('.ts')) write(to, 'export interface X {}\n');
      for (const [, from, specifier] of violations) write(from, `${keyword} { X } from '${specifier}';\n`);
      write('packages/redis/src/cache/b.ts', "export * from './a.js';\n");

      write(`${roundTrip.from}/there.ts`, `${keyword} { X } from '../metrics/and.js';\n`);
      write(`${roundTrip.to}/and.ts`, `${keyword} { X } from '../health/back.js';\nexport interface Y {}\n`);
      write(`${roundTrip.from}/back.ts`, 'export interface X {}\n');

      const found = await cruise(fixture);

      expect(found).toContainEqual(roundTrip);
      for (const [rule, from, , to] of violations) expect(found).toContainEqual({ rule, from, to });
    },
  );

  it('are all tried by the test above', async () => {
    const { default: config } = (await import(join(repository, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    expect(new Set([...violations.map(([rule]) => rule), roundTrip.rule])).toEqual(
      new Set(config.forbidden.map(({ name }) => name)),
    );
  });
});

describe('every source file', () => {
  const files = sources(repository).map((file) => ({ file, text: readFileSync(join(repository, file), 'utf8') }));
  const having = (pattern: RegExp): string[] => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

  it("leaves process.env to the configuration, to what reads Node's own options, and to the testkit that finds the test services", () => {
    const allowed = /^packages\/(foundation\/src\/config\/|runtime\/src\/heap\.ts$|testkit\/src\/services\/)/;
    expect(
      having(/\bprocess\s*(\.|\[['"])env\b|\benv\b[^;]*\bfrom ['"]node:process['"]/).filter(
        (file) => !allowed.test(file),
      ),
    ).toEqual([]);
  });

  it('bounds what it keeps by weight, in the one cache that does so', () => {
    expect(having(/\bfrom ['"]lru-cache['"]/)).toEqual(['packages/foundation/src/weighted-cache/weighted-cache.ts']);
  });

  it('counts entries only where nobody outside decides how large or how many they are', () => {
    // What is compared with a bound there, and why entries are alike.
    const allowed = new Map([
      ['packages/postgres/src/database/prepared-statements.ts', 'texts of statements, long ones left out'],
      ['packages/foundation/src/metrics/bounded-label.ts', 'labels of a bounded length'],
      ['packages/subgraph-client/src/endpoints/http-endpoint.ts', 'bytes of an answer'],
      ['packages/foundation/src/fair-shares/fair-queue.ts', 'what waits for its turn, and is owned by whoever waits'],
      ['subgraphs/identity/src/services/credentials/fair-queue.ts', 'what waits for its turn'],
      ['packages/foundation/src/http/slow-readers.ts', 'requests under way, whose bytes are counted beside it'],
      ['router/src/transports/sse/event-stream.ts', 'operations that run, with ids of a bounded length'],
      ['packages/federation-engine/src/planning/threaded-planner.ts', 'threads'],
      ['subgraphs/audit/src/services/stored-tree.ts', 'tiles of one size'],
    ]);
    const bound = /\.size\s*(<|>=?)\s*(\w+\.)*([A-Z][A-Z_]+|\w*([lL]imit|[mM]ost|[mM]ax|[kK]ept|[rR]oom|threads)\w*)\b/;
    const counting = having(bound).filter((file) => !file.startsWith('packages/testkit/'));
    expect(counting.filter((file) => !allowed.has(file))).toEqual([]);
  });

  it('exports by name', () => {
    expect(having(/^export default\b|\bexport\s*\{[^}]*\bas default\b/m)).toEqual([]);
  });

  it('is named in kebab-case by what it holds', () => {
    const names = files.map(({ file }) => file.replace(/^.*?\/src\//, ''));
    expect(names.filter((name) => !/^([a-z0-9]+(-[a-z0-9]+)*(\/|\.))+ts$/.test(name))).toEqual([]);
    const vague = /(^|[/-])(utils?|helpers?|common|managers?|misc)[/.]/;
    expect(names.filter((name) => vague.test(name))).toEqual([]);
  });
});

describe('what ships', () => {
  const texts = sources(repository)
    .filter((file) => !file.startsWith('packages/testkit/'))
    .map((file) => ({ file, text: readFileSync(join(repository, file), 'utf8') }));
  const having = (pattern: RegExp): string[] => texts.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

  it('connects to PostgreSQL by clients whose loss is heard: the database module makes them all', () => {
    expect(having(/^import (?!type\b)[^;]*\bfrom ['"]pg['"]/m).toSorted()).toEqual([
      'packages/postgres/src/connection/own-connection.ts',
      'packages/postgres/src/database/shared-pool.ts',
      'packages/postgres/src/database/tenant-client.ts',
      'packages/postgres/src/database/tenant-query.ts',
    ]);
  });

  it('asks others through the outbound client, and subgraphs through their endpoints: lint refuses all else', () => {
    const fixture = mkdtempSync(join(tmpdir(), 'platform-lint-'));
    cpSync(join(repository, 'biome.json'), join(fixture, 'biome.json'));
    const asking = [
      "export const page = await fetch('http://elsewhere');",
      "import { request } from 'undici';\n\nexport const page = await request('http://elsewhere');",
      "import { get } from 'node:https';\n\nget('https://elsewhere');",
      "export const socket = new WebSocket('ws://elsewhere');",
    ];
    for (const folder of [
      'router/src',
      'tools/x/src',
      'subgraphs/x/src',
      'packages/x/src',
      'packages/foundation/src/outbound',
    ]) {
      mkdirSync(join(fixture, folder), { recursive: true });
      for (const [index, text] of asking.entries()) writeFileSync(join(fixture, folder, `x-${index}.ts`), `${text}\n`);
    }
    const biome = join(repository, 'node_modules/.bin/biome');
    const { stdout } = spawnSync(
      biome,
      ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github'],
      {
        cwd: fixture,
        encoding: 'utf8',
      },
    );
    rmSync(fixture, { recursive: true });
    const refused = stdout
      .split('\n')
      .flatMap((line) => /noRestricted\w+.*?file=(?:\S*?\/platform-lint-\w+\/)?([^,]+)/.exec(line)?.[1] ?? []);
    const files = ['router/src', 'tools/x/src', 'subgraphs/x/src', 'packages/x/src'].flatMap((folder) =>
      asking.map((_, index) => `${folder}/x-${index}.ts`),
    );
    expect(new Set(refused)).toEqual(new Set(files));
  });

  it('asks nobody by other names of the same', () => {
    const clients = [
      /\b(globalThis|global)\s*(\.|\[['"])(fetch|WebSocket)/,
      /import (\w+|\* as \w+) from 'node:http'|import \{[^}]*\b(request|get)\b[^}]*\} from 'node:http'/,
      /import \{[^}]*\bWebSocket\b[^}]*\} from 'ws'/,
    ];
    const asking = clients.flatMap(having).filter((file) => !/^packages\/subgraph-client\/src\/endpoints\//.test(file));
    expect(asking).toEqual([]);
  });

  it('makes no address from the target of a request, nor from two parts of which the first could replace the second', () => {
    expect(having(/new URL\([^;]*\b(req|request|raw)\.(url|originalUrl|raw)\b/)).toEqual([]);
    expect(having(/new URL\((?!'[^']*', import\.meta\.url|\s*`\.\/[^`]*`,\s*import\.meta\.url)[^()]*,/)).toEqual([]);
  });
});
