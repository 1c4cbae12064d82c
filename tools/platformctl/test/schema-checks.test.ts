import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { PlatformProcess } from '@platform/testkit';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@listSize"])\n';
const POSTS = `${LINK}type Query { posts(first: Int): [Post!] @listSize(slicingArguments: ["first"], assumedSize: 20, requireOneSlicingArgument: false) }
type Post { id: ID! title: String state: State }
enum State { DRAFT }
`;

const manifest = (operations: { id: string; body: string; clientName?: string }[]) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });

describe('checks of schemas', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checks-'));
    await writeFile(
      file('supergraph.yaml'),
      'subgraphs:\n  blog: { routing_url: "http://blog", schema: { file: blog.graphql } }\n',
    );
    await writeFile(file('blog.graphql'), POSTS);
    await writeFile(
      file('before.graphql'),
      composeSupergraph([{ name: 'blog', url: 'http://blog', typeDefs: POSTS }]).sdl,
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  const check = (...more: string[]) =>
    PlatformProcess.run([
      ...['supergraph', 'check', '--config', file('supergraph.yaml'), '--against', file('before.graphql')],
      ...more,
    ]);
  const changed = (from: string, to: string) => writeFile(file('blog.graphql'), POSTS.replace(from, to));

  describe('platformctl supergraph check', () => {
    it('finds nothing where nothing has changed', async () => {
      const { code, printed } = await check();
      expect(printed).toContain('0 breaking, 0 dangerous, 0 safe changes.');
      expect(code).toBe(0);
    });

    it('lets safe and dangerous changes pass, and names them', async () => {
      await changed('{ DRAFT }', '{ DRAFT PUBLISHED }');
      await writeFile(
        file('blog.graphql'),
        `${POSTS.replace('{ DRAFT }', '{ DRAFT PUBLISHED }')} extend type Post { slug: String }`,
      );
      const { code, printed } = await check();
      expect(printed).toMatch(/^dangerous State\.PUBLISHED: /m);
      expect(printed).toMatch(/^safe {6}Post\.slug: /m);
      expect(code).toBe(0);
    });

    it('ends with 2 for a breaking change, and names the operations that it breaks by client', async () => {
      await changed('title: String', 'headline: String');
      await writeFile(
        file('manifest.json'),
        manifest([
          { id: 'one', body: 'query Titles { posts { title } }', clientName: 'web' },
          { id: 'two', body: 'query Ids { posts { id } }', clientName: 'web' },
          { id: 'three', body: 'query Wrong { nothing }', clientName: 'desk' },
        ]),
      );
      const { code, printed } = await check('--manifest', file('manifest.json'));
      expect(printed).toMatch(/^breaking {2}Post\.title: /m);
      expect(printed).toContain('Operations of desk:\n  broken before: anonymous (three,');
      expect(printed).toContain('Operations of web:\n  broken by the change: anonymous (one,');
      expect(printed).toContain('1 of 3 persisted operations can be answered.');
      expect(printed).not.toContain('(two,');
      expect(code).toBe(2);
    });

    it.each([
      [
        'composition',
        'type Post {',
        'type Post @key(fields: "nothing") {',
        /^\w+: \[blog\] .*\n {2}at .*blog\.graphql:\d+:\d+/m,
      ],
      [
        'syntax',
        'type Post {',
        'type Post {{',
        /^INVALID_GRAPHQL: \[blog\] Syntax Error.*\n {2}at .*blog\.graphql:3:12/m,
      ],
      [
        'a type that is not there',
        'state: State',
        'state: Stat',
        /^INVALID_GRAPHQL: \[blog\] Unknown type.*\n {2}at .*blog\.graphql:3:/m,
      ],
    ])('ends with 1 for a mistake of %s, with its code and place', async (_, from, to, expected) => {
      await changed(from, to);
      const { code, printed } = await check();
      expect(printed).toMatch(expected);
      expect(code).toBe(1);
    });

    it('compares the project with any revision of it', async () => {
      const { code, printed } = await PlatformProcess.run(['supergraph', 'check', '--against', 'HEAD']);
      expect(printed).toContain('Against HEAD: ');
      expect(code).not.toBe(1);
    });

    it('says so when there is nothing to compare with', async () => {
      const { code, printed } = await PlatformProcess.run(['supergraph', 'check', '--against', '--output=/nowhere']);
      expect(printed).toContain('"--output=/nowhere" is neither a file nor a git revision');
      expect(code).toBe(1);
    });
  });

  describe('platformctl persisted-queries check', () => {
    const run = (...more: string[]) =>
      PlatformProcess.run([
        ...['persisted-queries', 'check', '--supergraph', file('before.graphql'), '--manifest', file('manifest.json')],
        ...more,
      ]);

    it('accepts what a router would answer', async () => {
      await writeFile(file('manifest.json'), JSON.stringify({ one: 'query ($n: Int) { posts(first: $n) { id } }' }));
      expect(await run()).toEqual({ code: 0, printed: '1 of 1 persisted operations can be answered.\n' });
    });

    it.each([
      ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a limit', '{ a: posts { id } b: posts { id } }', 'MAX_ALIASES_LIMIT'],
      ['its cost', '{ posts(first: 1000000) { id } }', 'COST_ESTIMATED_TOO_EXPENSIVE'],
    ])('ends with 2 for one that is refused for %s', async (_, body, expected) => {
      await writeFile(file('manifest.json'), JSON.stringify({ one: body }));
      const { code, printed } = await run('--set', 'router.limits.aliases=1');
      expect(printed).toContain(expected);
      expect(code).toBe(2);
    });

    it('ends with 1 for a manifest that cannot be read', async () => {
      await writeFile(file('manifest.json'), '{ "one": 7 }');
      const { code, printed } = await run();
      expect(printed).toContain('manifest.json: one: ');
      expect(code).toBe(1);
    });
  });
});
