const sessionModule = new URL('../../public/session.js', import.meta.url).href;

interface Sent {
  readonly query: string;
  readonly authorization?: string;
}

const me = { query: 'query Me { me { displayName } }' };
const unauthenticated = { errors: [{ message: 'Expired', extensions: { code: 'UNAUTHENTICATED' } }] };

/** The browser's part of the explorer, against a server that knows which access token is still good. */
describe('the explorer’s session', () => {
  const original = { fetch: globalThis.fetch, sessionStorage: globalThis.sessionStorage };
  let sent: Sent[];
  let valid: string;
  let refreshable: boolean;
  let issued: number;

  const issue = () => {
    valid = `access-${++issued}`;
    return { accessToken: valid, refreshToken: `refresh-${issued}`, user: { displayName: 'Ada' } };
  };

  const answer = ({ query, authorization }: Sent) => {
    if (authorization && authorization !== `Bearer ${valid}`) return [401, unauthenticated] as const;
    if (query.includes('login(')) return [200, { data: { login: issue() } }] as const;
    if (query.includes('logout(')) return [200, { data: { logout: true } }] as const;
    if (!query.includes('refreshToken('))
      return [200, { data: { me: authorization ? { displayName: 'Ada' } : null } }] as const;
    if (refreshable) return [200, { data: { refreshToken: { ...issue(), user: undefined } } }] as const;
    return [200, { errors: [{ message: 'Over', extensions: { code: 'INVALID_REFRESH_TOKEN' } }] }] as const;
  };

  const signedIn = async () => {
    const { Session } = await import(sessionModule);
    const session = new Session();
    await session.signIn('ada@example.com', 'password');
    sent = [];
    return session;
  };

  beforeEach(() => {
    [sent, valid, refreshable, issued] = [[], '', true, 0];
    const kept = new Map<string, string>();
    Object.assign(globalThis, {
      sessionStorage: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
      },
      fetch: async (_url: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
        const request = {
          query: JSON.parse(body).query,
          authorization: new Headers(headers).get('authorization') ?? undefined,
        };
        sent.push(request);
        const [status, content] = answer(request);
        return new Response(JSON.stringify(content), { status });
      },
    });
  });

  afterEach(() => {
    Object.assign(globalThis, original);
  });

  it('sends requests as the person signed in, and anonymously when told to', async () => {
    const session = await signedIn();
    await session.send(me);
    session.anonymous = true;
    await session.send(me);

    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer access-1', undefined]);
  });

  it('refreshes an expired token once for all requests that wait, and sends them again', async () => {
    const session = await signedIn();
    valid = 'none';

    const bodies = await Promise.all([session.send(me), session.send(me), session.send(me)]);

    expect(bodies).toEqual(Array(3).fill({ data: { me: { displayName: 'Ada' } } }));
    expect(sent.filter(({ query }) => query.includes('refreshToken('))).toEqual([
      { query: expect.any(String), authorization: undefined },
    ]);
  });

  it('ends with a reason when it cannot be refreshed', async () => {
    const session = await signedIn();
    const reasons: string[] = [];
    session.addEventListener('change', ({ detail }: CustomEvent) => reasons.push(detail.reason));
    [valid, refreshable] = ['none', false];

    expect(await session.send(me)).toEqual(unauthenticated);
    expect(session.refreshToken).toBeUndefined();
    expect(reasons).toEqual(['Your session has ended. Sign in again.']);
  });

  it('leaves a request with an Authorization header of its own alone', async () => {
    const session = await signedIn();

    expect(await session.send(me, { Authorization: 'Bearer other' })).toEqual(unauthenticated);
    expect(sent).toEqual([{ query: me.query, authorization: 'Bearer other' }]);
    expect(session.refreshToken).toBe('refresh-1');
  });

  it('follows a session that the editor’s own operations start, rotate and end', async () => {
    const session = await signedIn();
    await session.send({ query: 'mutation Login { login(input: {}) { __typename } }' });
    expect(session.refreshToken).toBe('refresh-2');
    await session.send({ query: 'mutation { refreshToken(refreshToken: "refresh-2") { accessToken refreshToken } }' });
    expect(session.refreshToken).toBe('refresh-3');
    await session.send({ query: 'mutation { logout(refreshToken: "someone else’s") }' });
    expect(session.refreshToken).toBe('refresh-3');
    await session.send({ query: 'mutation { logout(refreshToken: "refresh-3") }' });
    expect(session.refreshToken).toBeUndefined();
  });
});
