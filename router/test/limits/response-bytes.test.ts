import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Engine, loadSupergraph } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';
import { invalidResponses } from '../../src/subgraph-calls/index.js';
import { decorate } from '../../src/traffic/index.js';

const { sdl } = composeSupergraph(
  ['one', 'two', 'three'].map((name) => ({ name, url: `http://${name}`, typeDefs: `type Query { ${name}: String }` })),
);

describe('answers of subgraphs', () => {
  const server = createServer((request, response) => {
    const field = request.url?.slice(1) ?? '';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: { [field]: 'x'.repeat(1_000) }, bytes: -1_000_000 }));
  });
  const endpoints = new Map<string, HttpEndpoint>();

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const name of ['one', 'two', 'three']) {
      endpoints.set(name, new HttpEndpoint(`http://127.0.0.1:${port}/${name}`));
    }
  });
  afterAll(async () => {
    for (const endpoint of endpoints.values()) await endpoint.stop();
    server.close();
  });

  const run = async (responses: { perResponse?: number; perOperation?: number }) => {
    const engine = new Engine({
      supergraph: loadSupergraph(sdl),
      endpoints: (name) => decorate(endpoints.get(name) as HttpEndpoint, [invalidResponses(name)], 5_000),
      responses,
    });
    return engine.execute(await engine.prepare(engine.operation('{ one two three }')));
  };
  const codes = ({ errors = [] }: { errors?: readonly { extensions?: Record<string, unknown> }[] }) =>
    errors.map(({ extensions }) => extensions?.code);

  it('are read up to their size', async () => {
    expect(codes(await run({ perResponse: 2_000, perOperation: 6_000 }))).toEqual([]);
    expect(codes(await run({ perResponse: 500 }))).toEqual(Array(3).fill('SUBGRAPH_INVALID_RESPONSE'));
  });

  it('are left out beyond the size of all together, whatever subgraphs say of it', async () => {
    const { data, ...result } = await run({ perOperation: 2_500 });
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toHaveLength(2);
    expect(codes(result)).toEqual(['MAX_RESPONSE_BYTES_LIMIT']);
  });
});
