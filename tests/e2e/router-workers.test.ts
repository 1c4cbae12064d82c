import { composeSupergraph } from '@platform/federation-engine/composition';
import { eventually, PlatformProcess } from '@platform/testkit';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

describe('a router of several workers', () => {
  let subgraph: JsonService;
  let router: StandAloneRouter;

  beforeAll(async () => {
    subgraph = await JsonService.start(() => ({ data: { open: 1 } }));
    const typeDefs = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { open: Int }';
    const { sdl } = composeSupergraph([{ name: 'one', url: subgraph.url, typeDefs }]);
    router = await StandAloneRouter.start({ sdl, args: ['--workers', '2'] });
  });
  afterAll(async () => {
    await router?.stop();
    await subgraph?.stop();
  });

  const ask = async (): Promise<unknown> => (await router.client.request('{ open }')).data;
  const answered = async (): Promise<number> => {
    const text = await (await fetch(`${router.url}/metrics`)).text();
    return [...text.matchAll(/^router_operation_duration_seconds_count\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  };

  it('says once where it listens, when all of its workers do', async () => {
    await eventually(() => expect(workers(router)).toHaveLength(2));
    expect(router.process.printed.match(/Listening on/g)).toHaveLength(1);
  });

  it('answers on one port, and tells the metrics of all', async () => {
    const before = await answered();
    for (let asked = 0; asked < 20; asked += 1) expect(await ask()).toEqual({ open: 1 });
    for (let read = 0; read < 4; read += 1) expect(await answered()).toBe(before + 20);
  });

  it('replaces a worker that was killed, and answers meanwhile', async () => {
    const [killed] = workers(router);
    process.kill(killed as number, 'SIGKILL');
    await router.process.prints(/worker exited; restarting/);
    expect(await ask()).toEqual({ open: 1 });
    await eventually(() => expect(workers(router)).toHaveLength(3));
    expect(await ask()).toEqual({ open: 1 });
  });

  it('ends with all of its workers', async () => {
    expect(await router.process.end()).toBe(0);
    for (const worker of workers(router)) expect(() => process.kill(worker, 0)).toThrow();
  });

  it('refuses a number of workers that is none', async () => {
    const { code, printed } = await PlatformProcess.run(['router', '--supergraph', 'any', '--workers', 'many']);
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('Give a number from 1 to 128.') });
  });
});

/** The process ids of every worker that has listened. */
const workers = ({ process }: StandAloneRouter): number[] =>
  [...process.printed.matchAll(/"pid":(\d+)[^\n]*worker listening/g)].map(([, pid]) => Number(pid));
