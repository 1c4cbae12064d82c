import { describe, expect, it, jest } from '@jest/globals';
import { Engine, type SubgraphEndpoint, unauthenticated, type Variables } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { Health } from '@platform/foundation/health';
import { createLogger } from '@platform/foundation/logging';
import { Supergraphs } from '../src/supergraphs/index.js';

const silent = createLogger({ level: 'silent', format: 'json' });
const subgraph = (fields: string) =>
  composeSupergraph([{ name: 'only', url: 'http://only', typeDefs: `type Query { ${fields} }` }]).sdl;

const FIRST = subgraph('a: Int b: Int');
const SECOND = subgraph('a: Int c: Int');

/** Answers once it is told to. */
class Gate {
  private readonly opened = Promise.withResolvers<void>();
  readonly endpoint: SubgraphEndpoint = {
    execute: async () => {
      await this.opened.promise;
      return { data: { a: 1, b: 2 } };
    },
  };
  open(): void {
    this.opened.resolve();
  }
}

function serve(sdl: string, { endpoint = new Gate().endpoint, warm = 10, logger = silent } = {}) {
  const closed: string[] = [];
  const supergraphs = new Supergraphs(sdl, {
    logger,
    warm,
    open: (supergraph) => ({
      engine: new Engine({ supergraph, endpoints: () => endpoint }),
      close: () => closed.push(supergraph.sdl === FIRST ? 'first' : 'other'),
    }),
  });
  return { supergraphs, closed };
}

/** One operation as the pipeline runs it. */
const run = (supergraphs: Supergraphs, query: string, variables: Variables = {}) =>
  supergraphs.use(async ({ engine, hot }) => {
    const prepared = await engine.prepare(engine.operation(query), unauthenticated, variables);
    const result = await engine.execute(prepared);
    hot.count(prepared, query);
    return result.data;
  });

const answering = { endpoint: { execute: async () => ({ data: { a: 1, b: 2, c: 3 } }) } };

const readiness = async (supergraphs: Supergraphs) => {
  const { status, checks } = await new Health().add(supergraphs.healthCheck()).report();
  return { status, reason: checks['supergraph']?.reason };
};

describe('a new supergraph', () => {
  it('serves what begins after it, while what runs ends on the one before', async () => {
    const gate = new Gate();
    const { supergraphs, closed } = serve(FIRST, gate);
    const running = run(supergraphs, '{ a b }');

    expect(await supergraphs.offer(SECOND)).toBe('serving');
    expect(() => supergraphs.engine.operation('{ b }')).toThrow();
    expect(closed).toEqual([]);

    gate.open();
    expect(await running).toEqual({ a: 1, b: 2 });
    expect(closed).toEqual(['first']);
  });

  it('is told to observers once it serves', async () => {
    const { supergraphs } = serve(FIRST);
    const swaps: string[][] = [];
    const forget = supergraphs.onSwap((before, now) => {
      expect(supergraphs.engine).toBe(now);
      swaps.push([before.supergraph.sdl, now.supergraph.sdl]);
    });
    await supergraphs.offer(SECOND);
    forget();
    await supergraphs.offer(FIRST);
    expect(swaps).toEqual([[FIRST, SECOND]]);
  });

  it('that cannot be used is refused and seen, until there is a better one', async () => {
    const { supergraphs } = serve(FIRST);
    const before = supergraphs.engine;
    expect(await readiness(supergraphs)).toEqual({ status: 'ready', reason: undefined });

    for (const broken of ['type Query {', 'type Query { a: Int }', '']) {
      expect(await supergraphs.offer(broken)).toBe('refused');
      expect(await readiness(supergraphs)).toMatchObject({
        status: 'degraded',
        reason: expect.stringContaining('refused'),
      });
    }
    expect(supergraphs.engine).toBe(before);

    expect(await supergraphs.offer(FIRST)).toBe('unchanged');
    expect(supergraphs.engine).toBe(before);
    expect(await readiness(supergraphs)).toEqual({ status: 'ready', reason: undefined });
  });

  it('with a feature that decides about answers is refused by its name, and the one before serves on', async () => {
    const lines: string[] = [];
    const told = createLogger(
      { level: 'error', format: 'json' },
      { destination: { write: (line: string) => void lines.push(line) } },
    );
    const { supergraphs } = serve(FIRST, { ...answering, logger: told });
    const connect = 'https://specs.apollo.dev/connect/v0.3';
    const connecting = SECOND.replace(/^schema\n/m, `schema\n  @link(url: "${connect}", for: EXECUTION)\n`);

    expect(await supergraphs.offer(connecting)).toBe('refused');
    expect(await run(supergraphs, '{ a b }')).toEqual({ a: 1, b: 2 });
    expect(await readiness(supergraphs)).toMatchObject({ reason: expect.stringContaining(connect) });
    expect(lines).toEqual([expect.stringContaining(connect)]);
  });

  it('has the busiest operations planned before it serves', async () => {
    const { supergraphs } = serve(FIRST, { ...answering, warm: 2 });
    for (let use = 0; use < 3; use += 1)
      await run(supergraphs, 'query ($on: Boolean = true) { a @include(if: $on) }', { on: true });
    for (let use = 0; use < 2; use += 1) await run(supergraphs, '{ a again: a }');
    for (let use = 0; use < 9; use += 1) await run(supergraphs, '{ b }');
    await run(supergraphs, '{ a rare: a }');

    await supergraphs.offer(SECOND);
    const planned = jest.spyOn(supergraphs.engine.planner, 'plan');
    await run(supergraphs, 'query ($on: Boolean = true) { a @include(if: $on) }', { on: true });
    expect(planned).not.toHaveBeenCalled();
    await run(supergraphs, '{ a rare: a }');
    expect(planned).toHaveBeenCalledTimes(1);
  });

  it('knows the busiest operations even when it is replaced before anyone has asked', async () => {
    const { supergraphs } = serve(FIRST, answering);
    await run(supergraphs, '{ a }');
    await supergraphs.offer(SECOND);
    await supergraphs.offer(FIRST);
    const planned = jest.spyOn(supergraphs.engine.planner, 'plan');
    await run(supergraphs, '{ a }');
    expect(planned).not.toHaveBeenCalled();
  });
});
