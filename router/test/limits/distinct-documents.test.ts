import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Engine, unauthenticated } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { createLogger } from '@platform/foundation/logging';
import { Supergraphs } from '../../src/supergraphs/index.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const { sdl } = composeSupergraph([
  { name: 'a', url: 'http://a', typeDefs: 'type Query { hello(name: String): String again: Query }' },
]);
const CACHE = 256 * 1024;

/** How many of the documents, and of the operations, of so many requests are still held, each request's text being its own. */
async function held(requests: number): Promise<{ documents: number; operations: number }> {
  const documents: WeakRef<object>[] = [];
  const operations: WeakRef<object>[] = [];
  const supergraphs = new Supergraphs(sdl, {
    logger: createLogger({ level: 'silent', format: 'json' }),
    warm: 10,
    open: (supergraph) => ({
      engine: new Engine({
        supergraph,
        endpoints: () => ({ execute: async () => ({ data: { hello: 'x' } }) }),
        documentCache: CACHE,
        planCache: CACHE,
      }),
    }),
  });
  const run = (query: string, variables: Record<string, unknown>) =>
    supergraphs.use(async ({ engine, hot }) => {
      const document = engine.parse(query);
      engine.validate(document);
      const operation = engine.operation(document);
      const prepared = await engine.prepare(operation, unauthenticated, engine.coerceVariables(operation, variables));
      (await engine.execute(prepared)).json();
      hot.count(prepared, query);
      documents.push(new WeakRef(document));
      operations.push(new WeakRef(operation));
    });
  for (let index = 0; index < requests; index++)
    await run(`query Q${index}($name: String) { a${index}: hello(name: $name) }`, { name: `n${index}` });
  // What a WeakRef has given stays until the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const alive = (refs: readonly WeakRef<object>[]) => refs.filter((ref) => ref.deref() !== undefined).length;
  const counts = { documents: alive(documents), operations: alive(operations) };
  await supergraphs.stop();
  return counts;
}

describe('operations whose texts are all different', () => {
  it('are held for as long as caches have room for them, and not longer, however many come', async () => {
    const [some, more] = [await held(400), await held(800)];
    expect(some.documents).toBeGreaterThan(0);
    expect(some.documents).toBeLessThan(200);
    expect(some.operations).toBeLessThan(200);
    expect(Math.abs(more.documents - some.documents)).toBeLessThan(20);
    expect(Math.abs(more.operations - some.operations)).toBeLessThan(20);
  });
});
