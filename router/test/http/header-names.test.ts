import { HeaderNames, headersOption } from '../../src/headers/index.js';

describe('names of headers that are forwarded', () => {
  const headers = {
    ...{ 'x-tenant': 'a', 'x-trace-id': ['b', 'c'], cookie: 'd', accept: 'e', host: 'f', 'content-type': 'g' },
    ...{
      'x-caller-token': 'h',
      'x-nested-call': '1',
      'x-client-ip': 'i',
      'x-request-id': 'j',
      'x-timeout-ms': 'k',
      authorization: undefined,
    },
  };

  it('may be patterns, which never mean what the router makes or what belongs to the connection', () => {
    expect(new HeaderNames(['x-*']).of(headers)).toEqual({ 'x-tenant': 'a', 'x-trace-id': 'b, c' });
    expect(new HeaderNames(['*']).of(headers)).toEqual({ 'x-tenant': 'a', 'x-trace-id': 'b, c', cookie: 'd' });
    expect(new HeaderNames(['x-*-id', 'cookie']).of(headers)).toEqual({ 'x-trace-id': 'b, c', cookie: 'd' });
    expect(new HeaderNames(['x.tenant', '*.*']).of(headers)).toEqual({});
  });

  it('are told to caches, or that nobody can tell them', () => {
    expect(new HeaderNames(['x-a', 'x-b']).varying).toEqual(['x-a', 'x-b']);
    expect(new HeaderNames(['x-a', 'x-*']).varying).toEqual(['*']);
  });

  const check = (all: object) =>
    headersOption.safeParse({
      all: { forward: [], set: {}, remove: [], ...all },
      subgraphs: {},
      response: {},
      fromSubgraphs: {},
    }).success;

  it.each([['x-*'], ['X-Tenant'], ['*'], ['*-id']])('may be %s', (name) => {
    expect(check({ forward: [name], remove: [name] })).toBe(true);
  });

  it.each([['content-*'], ['proxy-*'], ['host'], ['x-caller-token'], ['x-nested-call'], ['a b'], ['']])(
    'may not be %s, which never passes',
    (name) => {
      expect(check({ forward: [name] })).toBe(false);
    },
  );

  it('are whole where a header is made: no pattern can be sent', () => {
    expect(check({ set: { 'x-*': 'a' } })).toBe(false);
  });
});
