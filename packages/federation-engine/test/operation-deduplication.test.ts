import { Federation, rights } from './federation.js';

describe('identical queries that run at the same time', () => {
  const subgraph = {
    name: 'shop',
    typeDefs: `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy"])
      type Query { open: String secret: String @policy(policies: [["shop.secret.read"]]) }`,
    resolvers: { Query: { open: () => 'yes', secret: () => 'hidden' } },
  };

  it('share one answer, but introspection shows each caller only their own part of the schema', async () => {
    const federation = new Federation([subgraph], { filterIntrospection: true });
    const query = '{ open __type(name: "Query") { fields { name } } }';
    const fieldsFor = async (policies: string[]) => {
      const { data } = await federation.run(query, { rights: rights({ policies }) });
      return (data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name);
    };

    expect(await Promise.all([fieldsFor(['shop.secret.read']), fieldsFor([])])).toEqual([['open', 'secret'], ['open']]);
  });

  it('tell each caller what that caller lacks', async () => {
    const federation = new Federation([subgraph]);
    const [reader, guest] = await Promise.all([
      federation.run('{ open secret }', { rights: rights({ policies: ['shop.secret.read'] }) }),
      federation.run('{ open secret }', { rights: rights({ authenticated: false }) }),
    ]);
    expect(reader.data).toEqual({ open: 'yes', secret: 'hidden' });
    expect(guest.data).toEqual({ open: 'yes', secret: null });
  });
});
