import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Overloaded } from '@platform/foundation/admission';
import { codesOf, eventually, transportNames, transports } from '@platform/testkit';
import { RouterHarness } from './router-harness.js';

const BATCHES = { enabled: true, maxOperations: 10 };
/** More than may run at a time, and wait, of a process that has nothing else to do than to refuse the others. */
const STRANGERS = 600;

describe('a router that has more to do than it can', () => {
  let router: RouterHarness;
  let empty: () => void;

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start({
      server: { admission: true },
      router: { batching: BATCHES, alwaysAdmitted: ['Mutation.write'] },
    });
    empty = await fill(router);
  });
  afterEach(async () => {
    empty();
    await router.stop();
  });

  it.each([...transportNames, 'GET' as const])(
    'refuses an operation over %s before anything is done for it',
    async (name) => {
      const { status, headers, result } = await transports[name](router.url, { query: '{ hello }' });

      expect(codesOf(result)).toEqual(['SERVICE_BUSY']);
      expect(result.errors?.[0]?.extensions).toMatchObject({ retryAfter: 1 });
      if (name !== 'WebSocket') expect([status, headers?.get('retry-after')]).toEqual([503, '1']);
      expect(router.calls.blog).toBe(0);
    },
  );

  it.each(transportNames)('has room for signing in over %s', async (name) => {
    const { result } = await transports[name](router.url, { query: 'mutation { write(text: "me") }' });
    expect(result).toEqual({ data: { write: 'me' } });
  });

  it.each([
    'query write { hello }',
    'mutation { write(text: "me") __typename }',
    'mutation { ...more } fragment more on Mutation { write(text: "me") }',
    'mutation { write(text: "me") } query other { hello }',
  ])('has no more room for what only looks like signing in: %s', async (query) => {
    const { result } = await transports.POST(router.url, { query, operationName: undefined });
    expect(codesOf(result)).toEqual(['SERVICE_BUSY']);
  });

  it('reads nothing of a long body', async () => {
    const { hostname, port } = new URL(router.url);
    const headers = { 'content-type': 'application/json', 'content-length': 100_000 };
    // Whoever comes in the very moment in which others have waited for too long finds room, and is waited for.
    await eventually(async () => {
      const status = await new Promise((resolve, reject) => {
        const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers, timeout: 2_000 });
        sent.on('response', ({ statusCode }) => resolve(statusCode)).on('error', reject);
        sent.on('timeout', () => sent.destroy(new Error('The body is waited for')));
        sent.flushHeaders();
      });
      expect(status).toBe(503);
    });
  });

  it('tells operators how it is doing, and what it refuses', async () => {
    await router.client.request('{ hello }');
    for (const path of ['/healthz', '/ready']) expect((await fetch(new URL(path, router.url))).status).toBe(200);
    await eventually(async () => {
      const metrics = await (await fetch(new URL('/metrics', router.url))).text();
      expect(metrics).toMatch(/^platform_admission_rejected_total\{share="anonymous",reason="queue"\} [1-9]/m);
      expect(metrics).toMatch(/^platform_admission_queued\{share="anonymous"\} [1-9]/m);
    });
    // Once, however much is refused: neither a failure nor a line for each.
    expect(router.errors).toEqual([]);
  });

  it('answers again as soon as there is time', async () => {
    empty();
    await eventually(async () => expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' }));
  });
});

/** Takes every place, and every one to wait in, each for a network of its own. Answers how to leave them all. */
async function fill({ router: { http } }: RouterHarness): Promise<() => void> {
  const leaving = Promise.withResolvers<void>();
  let left = false;
  let placed = 0;
  const stranger = async (key: string): Promise<void> => {
    while (!left) {
      try {
        const place = await http.admission.enter({ key, signedIn: false });
        placed += 1;
        await leaving.promise;
        return place.leave();
      } catch (error) {
        if (!(error instanceof Overloaded)) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  for (let each = 0; each < STRANGERS; each += 1) void stranger(`network ${each}`);
  // Few begin in one iteration of the event loop: until no more do, there are places.
  await eventually(async () => {
    const before = placed;
    await wait(100);
    expect(placed).toBe(before);
    expect(http.admission.refusal({ key: 'another network', signedIn: false })).toBeDefined();
  });
  return () => {
    left = true;
    leaving.resolve();
  };
}
