import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import type { PermissionCode } from '@platform/auth';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { permissions } from '@platform/contracts';
import { MAX_TEXT_UNITS } from '@platform/foundation/text';
import { identity } from '@platform/identity';
import { slowness, useSubgraph } from '@platform/testkit';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { type Leaf, leavesOf } from '../walk/leaves.js';
import { exponentOf, longestPause, type Watch, wallTime } from './longest-pause.js';

/** In ms, on a machine that is as fast as expected. Below the first, what is measured is the machine. */
const [NOISE, ALLOWED] = [30, 100];
const DOUBLINGS = 4;
const MAX_EXPONENT = 1.2;

/** What makes patterns, normalising, comparing and splitting slow, where they are. */
const UNITS = [
  'a',
  ' ',
  '\n',
  'a ',
  '_',
  '[',
  '[](',
  '<a',
  '-',
  '-a',
  'a.',
  '.',
  '@',
  'a@',
  '"',
  '(',
  '\u0301\u0323',
  'a\u0323\u0301',
  '\uff9e\u0334',
  'ﷺ',
  '日',
  '\ud800',
  '\u200b',
  'İ',
  '{"a":',
];

const textOf = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

describe.each([identity, authz, audit, blog])('the event loop of $name', (definition) => {
  const harness = useSubgraph(definition as never);
  const caller = () => harness.asUser(randomUUID(), Object.keys(permissions) as PermissionCode[]);

  const worstOf = async (run: (unit: string, length: number) => Promise<unknown>): Promise<string[]> => {
    const slow: string[] = [];
    for (const unit of UNITS) {
      const largest = await longestPause(() => run(unit, MAX_TEXT_UNITS), NOISE);
      const half = await longestPause(() => run(unit, MAX_TEXT_UNITS / 2), NOISE); // which more fields take
      if (Math.max(largest, half) <= NOISE) continue;
      const timesBy = async (options: { attempts?: number; watch?: Watch } = {}): Promise<number[]> => {
        const found: number[] = [];
        for (let doubling = DOUBLINGS; doubling >= 0; doubling -= 1)
          found.push(await longestPause(() => run(unit, MAX_TEXT_UNITS / 2 ** doubling), 0, options));
        return found;
      };
      let times = await timesBy();
      // Ticks make small times uncertain, and so does the machine: what grows too fast does so by both watches, and again.
      if (exponentOf(times) > MAX_EXPONENT) times = await timesBy({ attempts: 8, watch: wallTime });
      if (exponentOf(times) > MAX_EXPONENT) {
        const again = await timesBy({ attempts: 8, watch: wallTime });
        times = times.map((time, index) => Math.min(time, again[index] ?? time));
      }
      const exponent = exponentOf(times);
      if (Math.max(largest, half) > ALLOWED * slowness() || exponent > MAX_EXPONENT)
        slow.push(
          `${JSON.stringify(unit)}: ${times.map((time) => time.toFixed(1)).join(', ')} ms, exponent ${exponent.toFixed(2)}`,
        );
    }
    return slow;
  };

  it('is not held up by any text, however long, in any argument', async () => {
    const client = caller();
    const schema = buildClientSchema(await client.data(getIntrospectionQuery()));
    const plain = (scalar: string) =>
      ({ ID: randomUUID(), Int: 1, Boolean: true, DateTime: '2026-01-01T00:00:00Z', JSON: {} })[scalar] ?? 'a.b';
    const places = leavesOf(schema, plain).filter(
      ({ kind, scalar }) => kind !== 'subscription' && ['String', 'ID', 'JSON'].includes(scalar),
    );
    expect(places.length).toBeGreaterThan(10);
    const slow: string[] = [];
    for (const leaf of places) {
      const found = await worstOf((unit, length) =>
        client.request(leaf.document, leaf.variables(textOf(unit, length))),
      );
      slow.push(...found.map((what) => `${leaf.name}: ${what}`));
    }
    expect(slow).toEqual([]);
  }, 600_000);

  it('is not held up by lists of texts', async () => {
    const client = caller();
    const schema = buildClientSchema(await client.data(getIntrospectionQuery()));
    const lists = leavesOf(schema, () => randomUUID()).filter(({ inList, kind }) => inList && kind !== 'subscription');
    const slow: string[] = [];
    for (const leaf of lists) {
      const found = await worstOf((unit, length) => client.request(leaf.document, listOf(leaf, unit, length / 20)));
      slow.push(...found.map((what) => `${leaf.name}: ${what}`));
    }
    expect(slow).toEqual([]);
  }, 600_000);
});

describe('the event loop of blog, answering many excerpts of one post', () => {
  const harness = useSubgraph(blog);

  it('is not held up by what the post says', async () => {
    const author = harness.asUser(randomUUID(), Object.keys(permissions) as PermissionCode[]);
    const create = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }';
    const excerpts = Array.from({ length: 100 }, (_, n) => `e${n}: excerpt(length: ${1_000 - n})`).join(' ');
    for (const unit of UNITS.filter((each) => each.isWellFormed() && !/\p{M}|\uff9e/u.test(each))) {
      const content = `x${textOf(unit, 99_000)}`;
      const { createPost } = await author.data(create, { input: { title: 'x', content } });
      const ask = () => author.data(`query ($id: ID!) { post(id: $id) { ${excerpts} } }`, { id: createPost.id });
      const pause = await longestPause(ask, ALLOWED);
      expect([unit, pause <= ALLOWED * slowness()]).toEqual([unit, true]);
    }
  }, 120_000);
});

const listOf = (leaf: Leaf, unit: string, length: number): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(leaf.variables('?')).replace(
      '["?"]',
      JSON.stringify(Array(Math.floor(length)).fill(textOf(unit, 10))),
    ),
  );
