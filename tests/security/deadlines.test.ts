import type { AddressInfo } from 'node:net';
import { CallerTokenSigner } from '@platform/auth';
import { createHttpServer } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { TIMEOUT_HEADER } from '@platform/foundation/request-bounds';
import { HttpEndpoint, type SubgraphEndpoint, type SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { SubgraphServer } from '@platform/subgraph-server/graphql';
import { eventually, useSubgraph } from '@platform/testkit';
import pg from 'pg';
import { CALLERS, type Call, callsAlone, callsOf, SUBGRAPHS } from './walk/calls.js';

const TIMEOUT_MS = '1500';
/** Statements of background work, which no request's deadline ends: what audit's exports look for once a minute. */
const BACKGROUND_STATEMENTS = 'export_job WHERE (finished_at IS NULL|finished_at <|id::text = ANY)';
const codesOf = ({ errors = [] }: SubgraphResponse): unknown[] => errors.map(({ extensions }) => extensions?.['code']);

describe.each(SUBGRAPHS)('$name', (definition) => {
  const harness = useSubgraph(definition, callsAlone(definition));
  const endpoints: Record<string, SubgraphEndpoint> = {};
  const ends: (() => Promise<void>)[] = [];
  let calls: Call[];

  beforeAll(async () => {
    calls = callsOf(harness.typeDefs);
    const { config, metrics, health } = harness;
    const http = createHttpServer({
      config: config.server,
      port: 0,
      logger: createLogger(config.logging),
      metrics,
      health,
    });
    (harness.endpoint as SubgraphServer<unknown>).register(http.app);
    await http.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = http.app.server.address() as AddressInfo;
    const remote = new HttpEndpoint(`http://127.0.0.1:${port}/graphql`, { connections: 200 });
    Object.assign(endpoints, { 'in process': harness.endpoint, 'over HTTP': remote });
    ends.push(
      () => remote.stop(),
      () => http.app.close(),
    );
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  const ask = async (
    transport: string,
    { query, variables }: Call,
    signal?: AbortSignal,
  ): Promise<SubgraphResponse[]> => {
    const { callerToken } = harness.config as unknown as { callerToken: { privateKey: string; lifetime: number } };
    const signer = new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime);
    return Promise.all(
      CALLERS.map(async (caller) => {
        const token = await signer.sign(caller, definition.name);
        const headers = { [CALLER_TOKEN_HEADER]: token, [TIMEOUT_HEADER]: TIMEOUT_MS };
        return (endpoints[transport] as SubgraphEndpoint).execute({ query, variables }, headers, signal);
      }),
    );
  };
  const tables = async (): Promise<string[]> =>
    (await harness.sql(`SELECT tablename FROM pg_tables WHERE schemaname = $1`, [definition.name])).map(
      ({ tablename }) => tablename,
    );
  /** Makes every statement wait while `work` goes on. */
  const whileLocked = async (work: () => Promise<void>): Promise<void> => {
    const locker = new pg.Client({ connectionString: harness.databaseUrl });
    await locker.connect();
    try {
      const names = (await tables()).map((table) => `${definition.name}."${table}"`);
      await locker.query(`BEGIN; LOCK TABLE ${names.join(', ')}`);
      await work();
    } finally {
      await locker.end();
    }
  };
  const running = (): Promise<{ query: string }[]> =>
    harness.sql(
      `SELECT left(query, 200) AS query FROM pg_stat_activity
       WHERE application_name = $1 AND datname = current_database() AND state <> 'idle' AND query !~ $2`,
      [`platform ${definition.name}`, BACKGROUND_STATEMENTS],
    );
  /** What the tables hold: which rows, written by which transactions. */
  const written = async (): Promise<unknown> => {
    const all = (await tables()).map(
      (table) => `SELECT '${table}' AS table, count(*), max(xmin::text::bigint) FROM "${table}"`,
    );
    return harness.sql(all.join(' UNION ALL '));
  };

  describe.each(['in process', 'over HTTP'])('asked %s', (transport) => {
    it('leaves no statement running after a request, and commits nothing of it', async () => {
      const before = await written();
      let answers: { name: string; isStub?: boolean; codes: unknown[] }[] = [];
      await whileLocked(async () => {
        const asked = calls.map(async (call) => ({ ...call, codes: (await ask(transport, call)).flatMap(codesOf) }));
        await eventually(async () => expect(await running()).not.toEqual([]));
        answers = await Promise.all(asked);
        await eventually(async () => expect(await running()).toEqual([]), { timeout: 10_000 });
      });

      expect(await written()).toEqual(before);
      const named = (code: string) => answers.filter(({ codes }) => codes.includes(code)).map(({ name }) => name);
      expect([...named('INTERNAL_SERVER_ERROR'), ...harness.unexpected]).toEqual([]);
      const reading = answers.filter(({ isStub }) => !isStub);
      expect(named('SUBGRAPH_TIMEOUT').length).toBeGreaterThan(reading.length / 2);
    });

    it('leaves none running when the client leaves', async () => {
      const client = new AbortController();
      await whileLocked(async () => {
        const asked = Promise.allSettled(calls.map((call) => ask(transport, call, client.signal)));
        await eventually(async () => expect(await running()).not.toEqual([]));
        client.abort(new Error('left'));
        await asked;
        await eventually(async () => expect(await running()).toEqual([]), { timeout: 10_000 });
      });
    });
  });
});
