import { encodeCursor, pageOf, sliceOf } from '@platform/subgraph-server/graphql';

const page = (rows: number[], args: Parameters<typeof sliceOf>[0]) =>
  pageOf(
    rows,
    sliceOf(args, 1),
    (row) => [row],
    async () => 9,
  );
const nodes = (rows: number[], args: Parameters<typeof sliceOf>[0]) => page(rows, args).edges.map(({ node }) => node);
const cursor = encodeCursor([3]);

describe('a slice', () => {
  it('is the first 20 when nothing is said', () => {
    expect(sliceOf({}, 1)).toEqual({ size: 20, backward: false, after: undefined, before: undefined });
  });

  it('may be empty', () => {
    expect(nodes([], { first: 0 })).toEqual([]);
  });

  it.each([
    [{ first: 1, last: 1 }, 'last'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ last: 101 }, 'last'],
    [{ after: '' }, 'after'],
    [{ before: 'x' }, 'before'],
    [{ after: encodeCursor([1, 2]) }, 'after'],
    [{ after: Buffer.from('[{}]').toString('base64url') }, 'after'],
  ])('is refused for %j', (args, field) => {
    expect(() => sliceOf(args, 1)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } }),
    );
  });
});

describe('a page', () => {
  it('leaves out the row that tells of a further page', () => {
    const first = page([1, 2, 3], { first: 2 });
    expect(first.edges.map(({ node }) => node)).toEqual([1, 2]);
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: encodeCursor([1]),
      endCursor: encodeCursor([2]),
    });
  });

  it('from the end is in list order, and the further page is before it', () => {
    const last = page([9, 8, 7], { last: 2 });
    expect(last.edges.map(({ node }) => node)).toEqual([8, 9]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('after or before a cursor has a page on its other side', () => {
    expect(page([4], { first: 2, after: cursor }).pageInfo).toMatchObject({
      hasNextPage: false,
      hasPreviousPage: true,
    });
    expect(page([2], { last: 2, before: cursor }).pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });
});
