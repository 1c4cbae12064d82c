import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, useIdentityWithProviders } from './identity-with-providers.js';

/** What GitHub's API says, by its documentation: it cannot be had on this machine. */
interface Account {
  id: unknown;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

describe('signing in at GitHub', () => {
  let server: Server;
  let account: Account;
  /** The challenge of the last request, by the code that was given for it. */
  const challenges = new Map<string, string>();
  let issuer: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? '', issuer);
      let body = '';
      for await (const chunk of request) body += chunk;
      const json = (value: unknown, status = 200) =>
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
      if (pathname === '/login/oauth/access_token') {
        const form = new URLSearchParams(body);
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        const isRight = form.get('client_secret') === 'secret' && challenges.get(form.get('code') ?? '') === challenge;
        if (!isRight || !request.headers.accept?.includes('application/json'))
          return json({ error: 'bad_verification_code' });
        return json({ access_token: 'gho_x', token_type: 'bearer', scope: 'read:user,user:email' });
      }
      if (request.headers.authorization !== 'Bearer gho_x' || !request.headers['user-agent']) return json({}, 403);
      return json(pathname === '/api/v3/user' ? { id: account.id, login: 'ada' } : account.emails);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const under = useIdentityWithProviders(() => ({
    github: { kind: 'github', issuer, clientId: 'client', clientSecret: 'secret' },
  }));

  const address = () => `${randomUUID()}@example.com`;
  async function login(as: Account, query: Record<string, string> = {}) {
    account = as;
    const begun = await under.begin('github');
    const url = new URL(begun.url);
    expect(`${url.origin}${url.pathname}`).toBe(`${issuer}/login/oauth/authorize`);
    expect(url.searchParams.get('scope')).toBe('read:user user:email');
    const code = randomUUID();
    challenges.set(code, url.searchParams.get('code_challenge') as string);
    const answer = new URLSearchParams({ code, state: url.searchParams.get('state') as string, ...query });
    const page = await under.receive('github', `${answer}`);
    if (!page.searchParams.has('code')) return { id: undefined, code: page.searchParams.get('error') };
    const end = { code: page.searchParams.get('code') as string, codeVerifier: begun.verifier };
    const outcome = await under.complete(end);
    return { id: outcome.user?.id, email: outcome.user?.email, code: codeOf(outcome) };
  }
  let next = 1;
  const newAccount = (email: string, state = { primary: true, verified: true }): Account => {
    next += 1;
    return {
      id: next,
      emails: [
        { email: address(), primary: false, verified: true },
        { email, ...state },
      ],
    };
  };

  it('knows an account by its number, and its primary verified address', async () => {
    const email = address();
    const ada = newAccount(email);
    const first = await login(ada);
    expect(first).toMatchObject({ code: 'OK', email });
    const again = await login({ ...newAccount(address()), id: ada.id });
    expect(again.id).toBe(first.id);
  });

  it('takes no address that is not the primary one, or not verified', async () => {
    expect((await login(newAccount(address(), { primary: true, verified: false }))).code).toBe(
      'PROVIDER_EMAIL_UNVERIFIED',
    );
    expect((await login(newAccount(address(), { primary: false, verified: true }))).code).toBe(
      'PROVIDER_EMAIL_UNVERIFIED',
    );
  });

  it('links no account by itself', async () => {
    const { email } = await under.identity.registered();
    expect((await login(newAccount(email))).code).toBe('ACCOUNT_LINK_REQUIRED');
  });

  it('believes no answer of another issuer, and no account without a number', async () => {
    expect((await login(newAccount(address()), { iss: 'https://evil.example' })).code).toBe('PROVIDER_UNAVAILABLE');
    expect((await login(newAccount(address()), { code: 'another' })).code).toBe('PROVIDER_UNAVAILABLE');
    expect((await login({ ...newAccount(address()), id: 'ada' })).code).toBe('PROVIDER_UNAVAILABLE');
  });
});
