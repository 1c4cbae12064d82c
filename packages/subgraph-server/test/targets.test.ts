import { actsOnNoUser, actsOnUser, assertTargetsDeclared } from '@platform/subgraph-server/subgraph';
import { buildSchema } from 'graphql';

const schema = buildSchema(`
  type Query { one: Int }
  type Mutation { greet(text: String): Int resetMfa(userId: ID!): Int }
`);

describe('on whom mutations act', () => {
  it('is declared by each of them', () => {
    expect(() => assertTargetsDeclared(schema, { greet: actsOnNoUser, resetMfa: actsOnUser('userId') })).not.toThrow();
    expect(() => assertTargetsDeclared(buildSchema('type Query { one: Int }'), {})).not.toThrow();
  });

  it.each([
    [{ greet: actsOnNoUser }, 'Mutation.resetMfa does not declare on whom it acts'],
    [{ greet: actsOnNoUser, resetMfa: actsOnUser('id') }, 'Mutation.resetMfa has no argument id'],
    [
      { greet: actsOnNoUser, resetMfa: actsOnUser('userId'), gone: actsOnNoUser },
      'Mutation.gone is declared and does not exist',
    ],
  ])('keeps a subgraph from starting otherwise: %j', (targets, mistake) => {
    expect(() => assertTargetsDeclared(schema, targets)).toThrow(mistake);
  });
});
