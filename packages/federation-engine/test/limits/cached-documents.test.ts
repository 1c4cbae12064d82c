import { Engine, loadSupergraph } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { weightOfDocument } from '@platform/foundation/weighted-cache';
import { parse } from 'graphql';

const { sdl } = composeSupergraph([
  { name: 'a', url: 'http://a', typeDefs: 'type Query { hello(name: String): String }' },
]);

/** Every object that a value holds, however deep. */
function reachable(root: object): Set<object> {
  const met = new Set<object>([root]);
  for (const value of met) {
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) met.add(inner);
  }
  return met;
}

describe('what is kept of documents', () => {
  it('is weighed with its comments', () => {
    const weigh = (comments: number) => weightOfDocument(parse(`${'#\n'.repeat(comments)}{ hello }`));
    expect(weigh(1_000) - weigh(0)).toBeGreaterThan(1_000 * 80);
  });

  it('holds no tokens where it is an operation', () => {
    const engine = new Engine({ supergraph: loadSupergraph(sdl), endpoints: () => ({}) as never });
    const written = `# first\nquery A { ...F __schema { __typename } } query B { ...F } fragment F on Query { hello } ${'#\n'.repeat(100)}`;
    const { node, selections, introspection } = engine.operation(written, 'A');
    const held = reachable([node, selections.map((selection) => selection.node), introspection?.fragments ?? []]);
    expect([...held].filter((value) => 'startToken' in value || 'prev' in value)).toEqual([]);
  });

  it('still tells where a variable is declared that a request gets wrong', () => {
    const engine = new Engine({ supergraph: loadSupergraph(sdl), endpoints: () => ({}) as never });
    const operation = engine.operation('query\n($name: String!) { hello(name: $name) }');
    const wrong = () => engine.coerceVariables(operation, {});
    expect(wrong).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ locations: [{ line: 2, column: 2 }] })] }),
    );
  });
});
