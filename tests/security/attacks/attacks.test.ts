import type { TransportName } from '@platform/testkit';
import { ANY_AND_GET, type Attack, type Outcome } from './attack.js';
import { AttackedRouters } from './attacked-routers.js';
import { ask, type Got, send, waysOf } from './sending.js';
import { FORGED, families } from './table/index.js';

/** Every line of the table, once for each transport that it is sent over. */
const rows = (attacks: readonly Attack[]): [name: string, how: string, attack: Attack][] =>
  attacks.flatMap((attack) => waysOf(attack).map((how): [string, string, Attack] => [attack.name, how, attack]));

describe('the router under attack', () => {
  let routers: AttackedRouters;

  beforeAll(async () => {
    routers = await AttackedRouters.prepare();
  });
  afterAll(() => routers?.stop());

  const sent = async (attack: Attack, how: string): Promise<Got & { calls: number }> => {
    const url = await routers.url(attack.on ?? 'open');
    for (const before of attack.after ?? []) await ask(url, 'POST', before, routers.token);
    const { length } = routers.subgraphs.calls;
    const got = await send(attack, url, how as TransportName, routers.token);
    return { ...got, calls: routers.subgraphs.calls.length - length };
  };

  describe.each(families)('by $name', ({ attacks, neighbours }) => {
    it.each(rows(attacks))('withstands %s (%s)', async (_name, how, attack) => {
      const got = await sent(attack, how);
      expectOutcome(got, attack.gets);
      if (got.data == null && !attack.gets.shows) expect(got.calls).toBe(0);
      expect(got.text).not.toContain('went wrong on our side');
    });

    it.each(rows(neighbours))('answers %s (%s)', async (_name, how, neighbour) => {
      expectOutcome(await sent(neighbour, how), neighbour.gets);
    });

    it('goes on as before', async () => {
      const { data } = await ask(await routers.url('open'), 'POST', { query: '{ hello }' }, routers.token);
      expect(data).toEqual({ hello: 'Hello, world' });
    });
  });

  it.each(ANY_AND_GET)('keeps from subgraphs what a client sends as if it were the router (%s)', async (transport) => {
    const { calls } = routers.subgraphs;
    const extensions = { headers: FORGED };
    await ask(await routers.url('open'), transport, { query: '{ hello }', headers: FORGED, extensions }, routers.token);
    const received = calls.at(-1) ?? {};
    expect(JSON.stringify(received)).not.toMatch(/forged|203\.0\.113|999999|ftv1/);
    expect(received['x-client-ip']).toBe('127.0.0.1');
  });

  it('keeps one address from taking all event streams that can be reserved, and nobody from opening theirs', async () => {
    const url = `${await routers.url('behind a proxy')}/graphql`;
    const reserve = async (address: string) => {
      const response = await fetch(url, { method: 'PUT', headers: { 'x-forwarded-for': address } });
      return { status: response.status, text: await response.text() };
    };
    const reserved = await Promise.all(Array.from({ length: 101 }, () => reserve('198.51.100.50')));
    expect(reserved.filter(({ status }) => status === 201)).toHaveLength(100);
    const refused = reserved.find(({ status }) => status === 429);
    expect(refused?.text).toContain('TOO_MANY_SUBSCRIPTIONS');
    const other = await reserve('198.51.100.51');
    expect(other.status).toBe(201);
    const opened = await fetch(`${url}?token=${other.text}`, { headers: { accept: 'text/event-stream' } });
    expect(opened.status).toBe(200);
    await opened.body?.cancel();
  });

  it.each(ANY_AND_GET)(
    'gives each of several callers who ask the same at once their own answer (%s)',
    async (transport) => {
      const url = await routers.url('open');
      const people = ['ada', 'bob', undefined, 'ada', 'eve'];
      const answers = await Promise.all(
        people.map((as) =>
          ask(
            url,
            transport,
            { query: 'query Mine { me }', as, headers: { 'x-forwarded-host': 'evil' } },
            routers.token,
          ),
        ),
      );
      expect(answers.map(({ data }) => data)).toEqual(people.map((me) => ({ me: me ?? null })));
      for (const { text } of transport === 'WebSocket' ? [] : answers) {
        expect(text).toMatch(/cache-control,no-(store|cache)/);
        expect(text).not.toContain('evil');
      }
    },
  );
});

function expectOutcome(got: Got, { status, close, codes, data, lacks, shows }: Outcome): void {
  const known = {
    ...(got.status !== undefined && { status: got.status }),
    ...('close' in got && { close: got.close }),
  };
  expect({ ...known, codes: codes && [...new Set(got.codes)], data: data !== undefined && got.data }).toMatchObject({
    ...(status !== undefined && 'status' in known && { status }),
    ...(close !== undefined && { close }),
    codes,
    data: data !== undefined && data,
  });
  if (lacks) expect(got.text).not.toMatch(lacks);
  if (shows) expect(got.text).toMatch(shows);
}
