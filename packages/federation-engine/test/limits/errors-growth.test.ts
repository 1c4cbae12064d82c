import { describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '@platform/federation-engine';
import { DeliveryErrors } from '../../src/execution/delivery-errors.js';
import type { ObjectShape } from '../../src/projection/shapes.js';
import { Federation } from '../federation.js';

const open = () =>
  new Federation([
    {
      name: 'a',
      typeDefs: `
        type Query { users: [User!] }
        type User @key(fields: "id") { id: ID! query: Query }`,
    },
    {
      name: 'b',
      typeDefs: `
        type Query { value: Int }
        type User @key(fields: "id") { id: ID! name: String }`,
    },
  ]);

const users = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    __typename: 'User',
    id: String(index),
    query: { __typename: 'Query' },
  }));

/** How often the list is walked through for so many errors of a root field below each of its objects. */
async function looks(errors: number): Promise<number> {
  const federation = open();
  let count = 0;
  const list = new Proxy(users(20), {
    get: (target, key, receiver) => {
      if (key === 'entries') count++;
      return Reflect.get(target, key, receiver);
    },
  });
  federation.intercepts.set('a', async () => ({ data: { users: list } }) as unknown as SubgraphResponse);
  federation.intercepts.set('b', async () => ({
    data: { value: null },
    errors: Array.from({ length: errors }, () => ({ message: 'no', path: ['value'] })),
  }));
  const result = await federation.run('{ users { query { value } } }');
  expect(result.errors).toHaveLength(20 * errors);
  return count;
}

/** How often keys of the errors' paths are read to tell each of so many deferred objects of its own. */
function reads(objects: number): number {
  let count = 0;
  const counted = (path: (string | number)[]) =>
    new Proxy(path, {
      get: (target, key, receiver) => {
        count += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0;
        return Reflect.get(target, key, receiver);
      },
    });
  const name = { key: 'name', name: 'name', type: { kind: 'leaf', typeName: 'String', nonNull: false } };
  const shape = { typeName: 'User', fields: [name] } as unknown as ObjectShape;
  const indexes = Array.from({ length: objects }, (_, index) => index);
  const primary = indexes.map((index) => ({ message: `no ${index}`, path: counted(['users', index, 'name']) }));
  const errors = new DeliveryErrors(
    primary,
    undefined,
    {},
    () => shape,
    () => false,
  );
  const deferral = { id: 'd', label: undefined, variable: undefined, around: undefined };
  for (const index of indexes) {
    const object = { deferral, shape, data: {}, path: ['users', index], serializer: { write: () => true } };
    const { own } = errors.ofObject(object, index === objects - 1);
    expect(own.map(({ message }) => message)).toEqual([`no ${index}`]);
  }
  expect(errors.untold(deferral, () => [])).toEqual([]);
  return count;
}

describe('errors of subgraphs', () => {
  it('are placed with one look at the data, however many they are', async () => {
    expect(await looks(200)).toBe(await looks(2));
  });

  it('find the deferred objects that they belong to without a look at the others', () => {
    expect(reads(400) / reads(40)).toBeLessThan(15);
  });
});
