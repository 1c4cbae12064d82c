import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import { login, me, register, resend, verifyEmail } from './operations.js';

describe('registration', () => {
  const identity = useIdentity();

  it('leads from a mailed link to a login', async () => {
    const input = {
      email: ' Ada@Example.com',
      password: PASSWORD,
      username: 'ada',
      firstName: 'Ada',
      lastName: 'Lovelace',
      locale: 'en-gb',
    };
    expect(await identity.guest().data(register, { input })).toEqual({ register: { accepted: true } });

    const refused = await identity.guest().error(login, { input: { email: 'ada@example.com', password: PASSWORD } });
    expect(refused.extensions.code).toBe('EMAIL_NOT_VERIFIED');

    const mail = await identity.mail('ada@example.com', 'Verify');
    expect(mail.links).toEqual([expect.stringMatching(/^http:\/\/localhost:4000\/verify-email\?token=[\w-]{43}$/)]);
    expect(await identity.guest().data(verifyEmail, { token: tokenIn(mail) })).toEqual({ verifyEmail: true });

    const ada = await identity.login('ADA@example.COM');
    expect((await ada.client.data(me)).me).toMatchObject({
      id: ada.id,
      username: 'ada',
      displayName: 'Ada Lovelace',
      email: 'ada@example.com',
      emailVerified: true,
      locale: 'en-GB',
      status: 'ACTIVE',
    });
  });

  it('announces registration, verification and login, each once and with its actor', async () => {
    const { id } = await identity.signedIn();

    const about = (await identity.harness.outbox()).filter((event) => event.subject === id);
    expect(about.map(({ type, actor }) => [type, actor])).toEqual([
      ['platform.user.registered', undefined],
      ['platform.user.verification_requested', undefined],
      ['platform.user.email_verified', id],
      ['platform.user.logged_in', id],
    ]);
  });

  it('gives a random username that tells nothing of the address', async () => {
    const { username, email } = await identity.signedIn();
    expect(username).toMatch(/^user-[a-z2-7]{8}$/);
    expect(email).not.toContain(username);
  });

  it('answers alike for a known address, changes nothing, and tells its owner alone', async () => {
    const { email } = await identity.registered();

    const again = await identity
      .guest()
      .data(register, { input: { email: email.toUpperCase(), password: 'another password' } });

    expect(again).toEqual({ register: { accepted: true } });
    await identity.mail(email, 'You have an account');
    const error = await identity.guest().error(login, { input: { email, password: 'another password' } });
    expect(error.extensions.code).toBe('INVALID_CREDENTIALS');
    await identity.login(email);
  });

  it('lets of two at once for one address neither fail', async () => {
    const input = { email: 'race@example.com', password: PASSWORD };
    const answers = await Promise.all([1, 2, 3, 4].map(() => identity.guest().data(register, { input })));
    expect(answers).toEqual(Array(4).fill({ register: { accepted: true } }));
    expect(await identity.harness.sql(`SELECT 1 FROM users WHERE email = 'race@example.com'`)).toHaveLength(1);
  });

  it('refuses a taken username, in any case, whether or not the address is known', async () => {
    const { email } = await identity.registered({ username: 'grace' });
    for (const address of ['fresh@example.com', email]) {
      const input = { email: address, password: PASSWORD, username: 'Grace' };
      expect((await identity.guest().error(register, { input })).extensions.code).toBe('CONFLICT');
    }
    expect(await identity.harness.sql(`SELECT 1 FROM users WHERE email = 'fresh@example.com'`)).toEqual([]);
  });

  it('names everything that is wrong with the input', async () => {
    const input = {
      email: 'not an address',
      password: 'short',
      username: '.',
      firstName: 'x'.repeat(101),
      locale: 'no_such!',
    };
    const { extensions } = await identity.guest().error(register, { input });
    expect(extensions.code).toBe('BAD_USER_INPUT');
    expect(Object.keys(extensions.fields as object).sort()).toEqual([
      'input.email',
      'input.firstName',
      'input.locale',
      'input.password',
      'input.username',
    ]);
  });

  it.each([
    ['seven characters', '1234abc'],
    ['129 characters', 'ä'.repeat(129)],
    ['a common password', 'Password123'],
    ['the address', 'Sam@Example.com'],
    ['the username', 'Samantha.Smith'],
  ])('refuses %s as a password', async (_what, password) => {
    const input = { email: 'sam@example.com', password, username: 'samantha.smith' };
    const { extensions } = await identity.guest().error(register, { input });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.password': expect.any(String) } });
  });

  it.each([
    ['a link', 'go to https://evil.example'],
    ['a host', 'visit www.evil'],
    ['what mail clients make a link of', 'Evil.example'],
    ['a line break', 'Ada\nLovelace'],
    ['a character that nobody sees', 'Ada\u200bLovelace'],
    ['a change of direction', 'Ada\u202eLovelace'],
  ])('refuses %s in a name', async (_what, firstName) => {
    const input = { email: 'name@example.com', password: PASSWORD, firstName };
    const { extensions } = await identity.guest().error(register, { input });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.firstName': expect.any(String) } });
  });

  it.each(['J.R.R.', 'St. John', 'Jean-Luc', 'O’Brien', 'Sammy Jr.', '李 小龍', 'Ph.D.'])(
    'accepts the name %s',
    async (name) => {
      const { client } = await identity.signedIn({ firstName: name });
      expect((await client.data(me)).me.firstName).toBe(name);
    },
  );

  it('counts characters, not bytes, and knows a password however it is composed', async () => {
    const { email } = await identity.registered({ password: '𝒜é日本語🙂🙂🙂'.normalize('NFC') });
    await identity.login(email, '𝒜é日本語🙂🙂🙂'.normalize('NFD'));
  });

  it('mails the link again on request, and answers alike for an unknown and for a verified address', async () => {
    const email = 'again@example.com';
    await identity.guest().data(register, { input: { email, password: PASSWORD } });
    const first = await identity.mail(email, 'Verify');
    const { email: verified } = await identity.registered();

    for (const address of [email, 'nobody@example.com', verified, 'no address']) {
      expect(await identity.guest().data(resend, { email: address })).toEqual({ resendVerificationEmail: true });
    }

    const second = await identity.mail(email, 'Verify', 2);
    expect(tokenIn(second)).not.toBe(tokenIn(first));
    await identity.guest().data(verifyEmail, { token: tokenIn(first) });
    expect((await identity.guest().error(verifyEmail, { token: tokenIn(second) })).extensions.code).toBe(
      'INVALID_TOKEN',
    );
    expect(identity.harness.mailer.sent.filter(({ to }) => to === verified)).toHaveLength(1);
  });

  it('accepts a link once, and not after its time', async () => {
    const email = 'late@example.com';
    await identity.guest().data(register, { input: { email, password: PASSWORD } });
    const token = tokenIn(await identity.mail(email, 'Verify'));

    identity.harness.clock.advance(24 * 3_600_000 + 1);
    expect((await identity.guest().error(verifyEmail, { token })).extensions.code).toBe('INVALID_TOKEN');

    await identity.guest().data(resend, { email });
    const fresh = tokenIn(await identity.mail(email, 'Verify', 2));
    await identity.guest().data(verifyEmail, { token: fresh });
    expect((await identity.guest().error(verifyEmail, { token: fresh })).extensions.code).toBe('INVALID_TOKEN');
  });

  it('keeps neither passwords nor secrets of links in the database', async () => {
    const email = 'secret@example.com';
    await identity.guest().data(register, { input: { email, password: 'a password of nobody else' } });
    const token = tokenIn(await identity.mail(email, 'Verify'));

    for (const table of ['users', 'credentials', 'registrations', 'one_time_tokens', 'outbox', 'inbox']) {
      const rows = JSON.stringify(await identity.harness.sql(`SELECT * FROM ${table}`));
      expect(rows).not.toContain('a password of nobody else');
      expect(rows).not.toContain(token);
    }
  });
});

describe('the time that registration takes', () => {
  const identity = useIdentity({ set: ['identity.constantResponseTime=300ms'] });

  it('is the same for known and unknown addresses', async () => {
    const { email } = await identity.registered();
    for (const address of [email, 'unknown@example.com']) {
      for (const [operation, variables] of [
        [register, { input: { email: address, password: PASSWORD } }],
        [resend, { email: address }],
      ] as const) {
        const before = performance.now();
        await identity.guest().data(operation, variables);
        expect(performance.now() - before).toBeGreaterThanOrEqual(298);
      }
    }
  });
});
