import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PASSWORD, tokenIn } from '../../../subgraphs/identity/test/identity-under-test.js';
import * as operations from '../../../subgraphs/identity/test/operations.js';
import { protectedUsers } from '../../../subgraphs/identity/test/protected-users.js';
import { BEGIN, BEGIN_LINK, COMPLETE_LINK, codeOf, useIdentityWithProviders } from './identity-with-providers.js';
import { claimsOf } from './openid-provider.js';

const IDENTITIES = '{ externalIdentities { id email provider { id displayName kind } linkedAt lastUsedAt } }';
const UNLINK = 'mutation ($id: ID!) { unlinkExternalIdentity(id: $id) }';

describe('signing in at an external provider', () => {
  const under = useIdentityWithProviders();
  const { identity, newPerson } = under;
  const guest = () => identity.guest();

  it('makes an account, verified and without a password, and finds it again by the subject alone', async () => {
    const person = newPerson({ given_name: 'Ada', family_name: 'Lovelace', locale: 'en' });
    const { user, accessToken } = await under.login(person);
    expect(user).toMatchObject({ email: person.email, emailVerified: true, firstName: 'Ada' });
    expect(claimsOf(accessToken)).toMatchObject({ sub: user.id, amr: expect.any(Array) });

    const moved = { ...person, email: `${randomUUID()}@example.org`, email_verified: false };
    const again = (await under.login(moved)).user;
    expect(again).toMatchObject({ id: user.id, email: person.email });
    const input = { email: person.email, password: '' };
    expect(codeOf(await guest().request(operations.login, { input }))).toBe('INVALID_CREDENTIALS');
    const [loggedIn] = await identity.events('platform.user.logged_in', user.id);
    expect(loggedIn?.data).toMatchObject({ methods: ['EXTERNAL'] });
    expect((await identity.events('platform.external_identity.linked', user.id))[0]?.data).toMatchObject({
      provider: 'corp',
    });
  });

  it('asks for the second factor of the account: a provider is none', async () => {
    const ada = await identity.signedIn();
    const person = newPerson();
    const { code, codeVerifier } = await under.codeFor(person, 'corp', await under.beginLink(ada.client));
    await ada.client.data(COMPLETE_LINK, { input: { code, codeVerifier } });
    await protectedUsers(identity).enrolTotp(ada);
    expect((await under.login(person)).__typename).toBe('MfaChallenge');
  });

  it('shows which providers there are', async () => {
    const query = '{ loginOptions { password registration providers { id displayName kind } } }';
    const { loginOptions } = await guest().data(query);
    expect(loginOptions).toMatchObject({ password: true, registration: true });
    expect(loginOptions.providers.slice(0, 3)).toEqual([
      { id: 'corp', displayName: 'Corp', kind: 'OIDC' },
      { id: 'google', displayName: 'Google', kind: 'GOOGLE' },
      { id: 'microsoft', displayName: 'Microsoft', kind: 'MICROSOFT' },
    ]);
  });

  describe('knows whose browser it is', () => {
    it('a state is good for one return, at the provider that it was made for, for ten minutes', async () => {
      const login = await under.begin();
      const query = await under.atProvider(login, newPerson());
      expect((await under.receive('other', query)).searchParams.get('error')).toBe('INVALID_TOKEN');
      expect((await under.receive('corp', query)).searchParams.get('code')).toMatch(/^[\w-]{43}$/);
      expect((await under.receive('corp', query)).searchParams.get('error')).toBe('INVALID_TOKEN');
      const late = await under.begin();
      const lateQuery = await under.atProvider(late, newPerson());
      identity.harness.clock.advance(10 * 60 * 1000);
      expect((await under.receive('corp', lateQuery)).searchParams.get('error')).toBe('INVALID_TOKEN');
    });

    it.each(['', 'state=', 'state=unknown&code=x', 'code=x', 'state[]=x', 'x'.repeat(100)])(
      'a return that is none (%j) leads to an error and to no provider',
      async (query) => {
        expect((await under.receive('corp', query)).searchParams.get('error')).toBe('INVALID_TOKEN');
      },
    );

    it('a code is good once, within a minute, and only with the verifier of the browser that began', async () => {
      const end = await under.codeFor(newPerson());
      const stranger = await under.begin();
      for (const codeVerifier of [
        stranger.verifier,
        '',
        createHash('sha256').update(end.codeVerifier).digest('base64url'),
      ])
        expect(codeOf(await under.complete({ ...end, codeVerifier }))).toBe('INVALID_TOKEN');
      expect(codeOf(await under.complete(end))).toBe('OK');
      expect(codeOf(await under.complete(end))).toBe('INVALID_TOKEN');
      const late = await under.codeFor(newPerson());
      identity.harness.clock.advance(60 * 1000);
      expect(codeOf(await under.complete(late))).toBe('INVALID_TOKEN');
    });

    it('a code signs in once also when it is sent twice at the same time', async () => {
      const end = await under.codeFor(newPerson());
      const codes = (await Promise.all([under.complete(end), under.complete(end)])).map(codeOf);
      expect(codes.sort()).toEqual(['INVALID_TOKEN', 'OK']);
    });

    it('no token, and no secret that another browser could use, is in an address', async () => {
      const login = await under.begin();
      const query = await under.atProvider(login, newPerson());
      const page = await under.receive('corp', query);
      expect([...page.searchParams.keys()]).toEqual(['code']);
      const rows = JSON.stringify(await identity.harness.sql('SELECT * FROM external_logins'));
      for (const secret of [new URLSearchParams(query).get('state'), page.searchParams.get('code'), login.verifier])
        expect(rows).not.toContain(secret);
    });
  });

  describe('goes back to paths of the application alone', () => {
    it.each([
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      'x',
      '',
      '/a\nb',
      '/ ',
    ])('not to %j', async (returnTo) => {
      const input = { provider: 'corp', codeChallenge: 'x'.repeat(43), returnTo };
      const { extensions } = await guest().error(BEGIN, { input });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.returnTo': expect.any(String) } });
    });

    it('to a path with its query', async () => {
      const login = await under.begin('corp', '/posts?page=2#top');
      const page = await under.receive('corp', await under.atProvider(login, newPerson()));
      expect(`${page.origin}${page.pathname}`).toBe('http://localhost:4000/auth/complete');
      expect(page.searchParams.get('returnTo')).toBe('/posts?page=2#top');
    });
  });

  describe('believes a provider only what it has signed, for this sign-in', () => {
    const forgeries: Record<string, () => void> = {
      'a wrong nonce': () => under.provider().forgeIdToken((claims) => ({ ...claims, nonce: 'another' })),
      'no nonce': () => under.provider().forgeIdToken(({ nonce: _, ...claims }) => claims),
      'another issuer': () => under.provider().forgeIdToken((claims) => ({ ...claims, iss: 'https://evil.example' })),
      'another audience': () => under.provider().forgeIdToken((claims) => ({ ...claims, aud: 'another client' })),
      'several audiences, authorized for another': () =>
        under.provider().forgeIdToken((claims) => ({ ...claims, aud: ['platform', 'x'], azp: 'x' })),
      'an ID token that has expired': () =>
        under.provider().forgeIdToken((claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 3_600 })),
      'no subject': () => under.provider().forgeIdToken(({ sub: _, ...claims }) => claims),
      'a subject that is too long': () =>
        under.provider().forgeIdToken((claims) => ({ ...claims, sub: 'x'.repeat(256) })),
      'the algorithm none': () =>
        under.provider().tampers.set('token', (body) => ({ ...body, id_token: unsigned(body.id_token as string) })),
      'a signature of nobody': () =>
        under
          .provider()
          .tampers.set('token', (body) => ({ ...body, id_token: withoutSignature(body.id_token as string) })),
      'no ID token': () => under.provider().tampers.set('token', ({ id_token: _, ...body }) => body),
    };
    it.each(Object.keys(forgeries))('not %s', async (name) => {
      const login = await under.begin();
      const query = await under.atProvider(login, newPerson());
      forgeries[name]?.();
      const page = await under.receive('corp', query);
      expect([page.searchParams.get('error'), page.searchParams.get('code')]).toEqual(['PROVIDER_UNAVAILABLE', null]);
    });

    it('not an answer that names another issuer (RFC 9207), nor one without', async () => {
      for (const change of [
        (query: URLSearchParams) => query.set('iss', under.other().issuer),
        (query: URLSearchParams) => query.delete('iss'),
      ]) {
        const login = await under.begin();
        const query = new URLSearchParams(await under.atProvider(login, newPerson()));
        change(query);
        expect((await under.receive('corp', `${query}`)).searchParams.get('error')).toBe('PROVIDER_UNAVAILABLE');
      }
    });

    it('not the code of another provider (mix-up)', async () => {
      const [mine, theirs] = [await under.begin('corp'), await under.begin('other')];
      const query = new URLSearchParams(await under.atProvider(mine, newPerson()));
      const foreign = new URLSearchParams(await under.atProvider(theirs, newPerson()));
      query.set('code', foreign.get('code') as string);
      expect((await under.receive('corp', `${query}`)).searchParams.get('error')).toBe('PROVIDER_UNAVAILABLE');
    });

    it('tells the application that the user has refused', async () => {
      const login = await under.begin('corp', '/home');
      const state = new URL(login.url).searchParams.get('state');
      const page = await under.receive('corp', `error=access_denied&state=${state}`);
      expect(Object.fromEntries(page.searchParams)).toEqual({ error: 'ACCESS_DENIED', returnTo: '/home' });
    });
  });

  describe('takes no address on the word of a provider alone', () => {
    it('none that it has not verified', async () => {
      for (const claims of [
        { email_verified: false },
        { email_verified: 'true' },
        { email: undefined },
        { email: 'no address' },
      ])
        expect(await under.outcome(newPerson(claims))).toBe('PROVIDER_EMAIL_UNVERIFIED');
    });

    it('none of Microsoft, unless it knows the domain to be its owner’s', async () => {
      expect(await under.outcome(newPerson(), 'microsoft')).toBe('PROVIDER_EMAIL_UNVERIFIED');
      expect(await under.outcome(newPerson({ xms_edov: true, email_verified: false }), 'microsoft')).toBe('OK');
    });

    it('asks for a proof of the account where the address has one, and then links it', async () => {
      const ada = await identity.signedIn();
      const person = newPerson({ email: ada.email.toUpperCase() });
      for (const id of ['corp', 'google', 'microsoft'])
        expect(await under.outcome({ ...person, xms_edov: true }, id)).toBe('ACCOUNT_LINK_REQUIRED');
      expect(await identity.events('platform.external_identity.linked', ada.id)).toEqual([]);

      const end = await under.codeFor(person, 'corp', await under.beginLink(ada.client));
      const { completeExternalLink } = await ada.client.data(COMPLETE_LINK, {
        input: { code: end.code, codeVerifier: end.codeVerifier },
      });
      expect(completeExternalLink.provider).toEqual({ id: 'corp', displayName: 'Corp', kind: 'OIDC' });
      await identity.mail(ada.email, 'A provider was linked');
      expect((await under.login(person)).user.id).toBe(ada.id);
    });

    it('links by itself only what Google gives out: gmail.com and the domain of its organization', async () => {
      const local = randomUUID();
      const account = async (email: string) => {
        await guest().data(operations.register, { input: { email, password: PASSWORD } });
        await guest().data(operations.verifyEmail, { token: tokenIn(await identity.mail(email, 'Verify')) });
        return identity.login(email);
      };
      const gmail = await account(`${local}@gmail.com`);
      const workspace = await account(`${local}@acme.example`);
      expect(await under.outcome(newPerson({ email: gmail.email }), 'corp')).toBe('ACCOUNT_LINK_REQUIRED');
      const wrongDomain = newPerson({ email: workspace.email, hd: 'other.example' });
      expect(await under.outcome(wrongDomain, 'google')).toBe('ACCOUNT_LINK_REQUIRED');
      expect(await under.outcome(newPerson({ email: gmail.email, email_verified: false }), 'google')).toBe(
        'PROVIDER_EMAIL_UNVERIFIED',
      );
      const linked = await under.login(newPerson({ email: gmail.email }), 'google');
      expect(linked.user.id).toBe(gmail.id);
      await identity.mail(gmail.email, 'A provider was linked');
      const organization = await under.login(newPerson({ email: workspace.email, hd: 'acme.example' }), 'google');
      expect(organization.user.id).toBe(workspace.id);
      // A second account there with the same address is somebody else.
      expect(await under.outcome(newPerson({ email: gmail.email }), 'google')).toBe('ACCOUNT_LINK_REQUIRED');
    });

    it('keeps domains apart that look alike, and knows one domain in both of its spellings', async () => {
      const [local, domain] = [randomUUID(), 'gmaıl.com'];
      await identity.registered();
      const latin = newPerson({ email: `${local}@gmail.com` });
      const own = (await under.login(latin, 'corp')).user;
      const alike = await under.login(newPerson({ email: `${local}@${domain}` }), 'corp');
      if (codeOf(alike) === 'OK') expect(alike.user.id).not.toBe(own.id);
      else expect(codeOf(alike)).toBe('PROVIDER_EMAIL_UNVERIFIED');
      await under.login(newPerson({ email: `${local}@bücher.example` }));
      expect(await under.outcome(newPerson({ email: `${local}@XN--BCHER-KVA.example` }))).toBe('ACCOUNT_LINK_REQUIRED');
    });

    it('leaves nothing of who registered the address before and never showed it to be theirs', async () => {
      const person = newPerson();
      const input = { email: person.email, password: 'the password of a squatter', firstName: 'Mallory' };
      await guest().data(operations.register, { input });
      const verification = tokenIn(await identity.mail(person.email as string, 'Verify'));
      const { user } = await under.login(person);
      expect(user).toMatchObject({ email: person.email, firstName: null });
      const { email, password } = input;
      expect(codeOf(await guest().request(operations.login, { input: { email, password } }))).toBe(
        'INVALID_CREDENTIALS',
      );
      expect(codeOf(await guest().request(operations.verifyEmail, { token: verification }))).toBe('INVALID_TOKEN');
    });

    it('signs nobody in to an account that waits for its owner, is locked or has left the address', async () => {
      const person = newPerson();
      await identity.admin().data(operations.createUser, { input: { email: person.email } });
      expect(await under.outcome(person, 'google')).toBe('ACCOUNT_LINK_REQUIRED');

      const known = newPerson();
      const { id } = (await under.login(known)).user ?? {};
      await identity.admin().data(operations.lockUser, { id, reason: 'x' });
      expect(await under.outcome(known)).toBe('ACCOUNT_LOCKED');
      await identity.admin().data(operations.unlockUser, { id });
      await identity.admin().data(operations.deleteUser, { id });
      const anew = (await under.login(known)).user;
      expect(anew.id).not.toBe(id);

      const ada = await identity.signedIn();
      const next = `${randomUUID()}@example.com`;
      await ada.client.data(operations.requestEmailChange, { input: { newEmail: next, password: PASSWORD } });
      await guest().data(operations.confirmEmailChange, {
        token: tokenIn(await identity.mail(next, 'Confirm your new')),
      });
      expect(await under.outcome(newPerson({ email: ada.email }))).toBe('ACCOUNT_LINK_REQUIRED');
    });

    it('makes one account of two first sign-ins at the same time', async () => {
      const person = newPerson();
      const ends = [await under.codeFor(person), await under.codeFor(person)];
      const answers = await Promise.all(ends.map((end) => under.complete(end)));
      expect(answers.map(codeOf)).toEqual(['OK', 'OK']);
      expect(new Set(answers.map(({ user }) => user.id)).size).toBe(1);
    });
  });

  describe('links and unlinks for their owner alone', () => {
    it('needs a recent authentication, and the user who began', async () => {
      const [ada, mallory] = [await identity.signedIn(), await identity.signedIn()];
      const end = await under.codeFor(newPerson(), 'corp', await under.beginLink(ada.client));
      const input = { code: end.code, codeVerifier: end.codeVerifier };
      expect(codeOf(await mallory.client.request(COMPLETE_LINK, { input }))).toBe('INVALID_TOKEN');
      expect(codeOf(await under.complete(end))).toBe('INVALID_TOKEN');
      const login = await under.codeFor(newPerson());
      expect(
        codeOf(
          await ada.client.request(COMPLETE_LINK, { input: { code: login.code, codeVerifier: login.codeVerifier } }),
        ),
      ).toBe('INVALID_TOKEN');
      expect(codeOf(await ada.client.request(COMPLETE_LINK, { input }))).toBe('OK');
      identity.harness.clock.advance(15 * 60 * 1000);
      const start = { provider: 'other', codeChallenge: 'x'.repeat(43) };
      expect(codeOf(await ada.client.request(BEGIN_LINK, { input: start }))).toBe('REAUTHENTICATION_REQUIRED');
      const [linked] = (await ada.client.data(IDENTITIES)).externalIdentities;
      expect(codeOf(await ada.client.request(UNLINK, { id: linked.id }))).toBe('REAUTHENTICATION_REQUIRED');
      expect(codeOf(await guest().request(BEGIN_LINK, { input: start }))).toBe('UNAUTHENTICATED');
    });

    it('links an account to one user, and one of each provider', async () => {
      const [ada, bob] = [await identity.signedIn(), await identity.signedIn()];
      const person = newPerson();
      const link = async (user: typeof ada, who = person) => {
        const { code, codeVerifier } = await under.codeFor(who, 'corp', await under.beginLink(user.client));
        return codeOf(await user.client.request(COMPLETE_LINK, { input: { code, codeVerifier } }));
      };
      expect(await link(ada)).toBe('OK');
      expect(await link(ada)).toBe('OK');
      expect(await link(bob)).toBe('EXTERNAL_IDENTITY_IN_USE');
      expect(await link(ada, newPerson())).toBe('CONFLICT');
      const [linked] = (await ada.client.data(IDENTITIES)).externalIdentities;
      expect(codeOf(await bob.client.request(UNLINK, { id: linked.id }))).toBe('EXTERNAL_IDENTITY_NOT_FOUND');
      expect(await ada.client.data(UNLINK, { id: linked.id })).toEqual({ unlinkExternalIdentity: true });
      await identity.mail(ada.email, 'A provider was unlinked');
      expect(await link(bob)).toBe('OK');
    });

    it('keeps the last way in, also of two that are unlinked at the same time', async () => {
      const person = newPerson();
      const { user, accessToken } = await under.login(person);
      const { sid } = claimsOf(accessToken) as { sid: string };
      const client = identity.harness.asUser(user.id, [], sid);
      const [first] = (await client.data(IDENTITIES)).externalIdentities;
      expect(codeOf(await client.request(UNLINK, { id: first.id }))).toBe('LAST_LOGIN_METHOD');
      const end = await under.codeFor(newPerson(), 'other', await under.beginLink(client, 'other'));
      await client.data(COMPLETE_LINK, { input: { code: end.code, codeVerifier: end.codeVerifier } });
      const both = (await client.data(IDENTITIES)).externalIdentities;
      const codes = await Promise.all(
        both.map(async ({ id }: { id: string }) => codeOf(await client.request(UNLINK, { id }))),
      );
      expect(codes.sort()).toEqual(['LAST_LOGIN_METHOD', 'OK']);
    });

    it('ends every link when the old address takes the account back', async () => {
      const ada = await identity.signedIn();
      const person = newPerson();
      const { code, codeVerifier } = await under.codeFor(person, 'corp', await under.beginLink(ada.client));
      await ada.client.data(COMPLETE_LINK, { input: { code, codeVerifier } });
      const next = `${randomUUID()}@example.com`;
      await ada.client.data(operations.requestEmailChange, { input: { newEmail: next, password: PASSWORD } });
      await guest().data(operations.confirmEmailChange, {
        token: tokenIn(await identity.mail(next, 'Confirm your new')),
      });
      await guest().data(operations.revertEmailChange, {
        token: tokenIn(await identity.mail(ada.email, 'was changed')),
      });
      expect(await identity.harness.sql('SELECT FROM external_identities WHERE user_id = $1', [ada.id])).toEqual([]);
    });

    it('lets an account without a password be deleted by a recent session, and counts it as able to sign in', async () => {
      const { user, accessToken } = await under.login(newPerson());
      const { sid } = claimsOf(accessToken) as { sid: string };
      const states = 'query ($ids: [ID!]!) { accountStates(ids: $ids) { canSignIn } }';
      const { accountStates } = await identity.harness.asService('authz').data(states, { ids: [user.id] });
      expect(accountStates).toEqual([{ canSignIn: true }]);
      await identity.harness.asUser(user.id, [], sid).data(operations.deleteAccount, { password: '' });
      expect(await identity.harness.sql('SELECT FROM external_identities WHERE user_id = $1', [user.id])).toEqual([]);
    });
  });

  it('makes no account where registration is closed for the provider', async () => {
    const person = newPerson();
    expect(await under.outcome(person, 'closed')).toBe('REGISTRATION_CLOSED');
    expect(await identity.harness.sql('SELECT FROM users WHERE email = $1', [person.email])).toEqual([]);
  });
});

describe('a provider that does not do its part', () => {
  let slow: Server;
  let liar: Server;
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    slow = createServer(() => {});
    liar = createServer((request, response) => {
      const target = 'http://169.254.169.254/latest';
      const redirects = request.url?.startsWith('/elsewhere');
      if (redirects) return response.writeHead(302, { location: target }).end();
      const issuer = request.url?.startsWith('/honest') ? `${urlOf(liar)}/honest` : 'https://accounts.google.com';
      const document = { issuer, authorization_endpoint: target, token_endpoint: target, jwks_uri: target };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    });
    for (const server of [slow, liar]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    for (const server of [slow, liar]) {
      server.closeAllConnections();
      server.close();
    }
  });
  const at = (issuer: string) => ({ kind: 'oidc', issuer, clientId: 'x', clientSecret: 'x' });
  const under = useIdentityWithProviders(
    () => ({
      down: at('http://127.0.0.1:9'),
      slow: at(urlOf(slow)),
      liar: at(urlOf(liar)),
      redirecting: at(`${urlOf(liar)}/elsewhere`),
      pointing: at(`${urlOf(liar)}/honest`),
    }),
    ['identity.registration=closed'],
  );

  const begin = (provider: string) =>
    under.identity.guest().request(BEGIN, {
      input: { provider, codeChallenge: 'x'.repeat(43) },
    });

  it.each(['down', 'slow', 'liar', 'redirecting'])('%s: is unavailable, within seconds', async (provider) => {
    expect(codeOf(await begin(provider))).toBe('PROVIDER_UNAVAILABLE');
  });

  it('is not followed to where it points inside the network', async () => {
    const login = await under.begin('pointing');
    const state = new URL(login.url).searchParams.get('state');
    const page = await under.receive('pointing', `code=x&state=${state}`);
    expect(page.searchParams.get('error')).toBe('PROVIDER_UNAVAILABLE');
  });

  it('is unknown by any other name, and no address decides on one yet', async () => {
    expect(codeOf(await begin('nobody'))).toBe('PROVIDER_NOT_FOUND');
    expect(codeOf(await begin('__proto__'))).toBe('PROVIDER_NOT_FOUND');
    const codeChallenge = 'x'.repeat(43);
    const ask = async (input: Record<string, unknown>) =>
      codeOf(await under.identity.guest().request(BEGIN, { input: { codeChallenge, ...input } }));
    expect(await ask({ email: 'ada@example.com' })).toBe('PROVIDER_NOT_FOUND');
    expect(await ask({})).toBe('BAD_USER_INPUT');
    expect(await ask({ email: 'ada@example.com', provider: 'corp' })).toBe('BAD_USER_INPUT');
    expect(await ask({ provider: 'corp', codeChallenge: 'short' })).toBe('BAD_USER_INPUT');
  });

  it('makes no account where registration is closed, nor does anybody without one', async () => {
    expect(await under.outcome(under.newPerson())).toBe('REGISTRATION_CLOSED');
    const input = { email: `${randomUUID()}@example.com`, password: PASSWORD };
    expect(codeOf(await under.identity.guest().request(operations.register, { input }))).toBe('REGISTRATION_CLOSED');
    const { loginOptions } = await under.identity.guest().data('{ loginOptions { registration } }');
    expect(loginOptions.registration).toBe(false);
  });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const unsigned = (jwt: string) => `${part({ alg: 'none' })}.${jwt.split('.')[1]}.`;
const withoutSignature = (jwt: string) =>
  `${jwt.split('.').slice(0, 2).join('.')}.${Buffer.alloc(256).toString('base64url')}`;
