import { SoftwareAuthenticator } from '@platform/testkit';
import * as factors from './factor-operations.js';
import { PASSWORD, type SignedIn, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';
import { type Challenged, ORIGIN, protectedUsers, STEP } from './protected-users.js';

/** What an attacker tries, and the code that answers. */
type Attack = readonly [string, () => Promise<string | undefined>, string];

describe('attacks on second factors', () => {
  const identity = useIdentity();
  const users = protectedUsers(identity);
  const { codeOf, challenged, completed, completionError, passkeyLogin } = users;
  let ada: SignedIn;
  let secret: string;
  let codes: string[];
  let step: Challenged;
  const answered = (method: string, code: string, challenge = step.challenge) =>
    completionError({ challenge, method, code });
  const mallory = async () => {
    const user = await identity.signedIn();
    return { user, ...(await users.enrolTotp(user)) };
  };

  beforeEach(async () => {
    ada = await identity.signedIn();
    ({ secret, codes } = await users.enrolTotp(ada));
    identity.harness.clock.advance(3 * STEP);
    step = await challenged(ada.email);
  });

  const attacks: Attack[] = [
    [
      'a code that was used',
      async () => {
        const code = codeOf(secret);
        await completed({ challenge: step.challenge, method: 'TOTP', code });
        return answered('TOTP', code, (await challenged(ada.email)).challenge);
      },
      'INVALID_CODE',
    ],
    [
      'a code older than one that was used',
      async () => {
        await completed({ challenge: step.challenge, method: 'TOTP', code: codeOf(secret) });
        return answered('TOTP', codeOf(secret, -1), (await challenged(ada.email)).challenge);
      },
      'INVALID_CODE',
    ],
    [
      'the code that confirmed the enrolment',
      async () => {
        const user = await identity.signedIn();
        const enrolled = (await user.client.data(factors.enrollTotp)).enrollTotp.secret;
        const code = codeOf(enrolled);
        await user.client.data(factors.confirmTotp, { code });
        return answered('TOTP', code, (await challenged(user.email)).challenge);
      },
      'INVALID_CODE',
    ],
    ['a code of another account', async () => answered('TOTP', codeOf((await mallory()).secret, 1)), 'INVALID_CODE'],
    ['a code as a recovery code', () => answered('RECOVERY_CODE', codeOf(secret)), 'INVALID_CODE'],
    ['a recovery code as a code', () => answered('TOTP', codes[0] as string), 'INVALID_CODE'],
    [
      'a recovery code of another account',
      async () => answered('RECOVERY_CODE', (await mallory()).codes[0] as string),
      'INVALID_CODE',
    ],
    ['no code', () => answered('TOTP', ''), 'INVALID_CODE'],
    ['a code in other digits', () => answered('TOTP', '١٢٣٤٥٦'), 'INVALID_CODE'],
    ['a very long code', () => answered('RECOVERY_CODE', '0'.repeat(100_000)), 'INVALID_CODE'],
    ['a passkey where there is none', () => answered('PASSKEY', '{"id":"x"}'), 'INVALID_CODE'],
    ['a passkey that is no JSON', () => answered('PASSKEY', '{'), 'INVALID_CODE'],
    ['the password as the challenge', () => answered('TOTP', codeOf(secret), PASSWORD), 'INVALID_CHALLENGE'],
    [
      'a challenge that was answered',
      async () => {
        await completed({ challenge: step.challenge, method: 'TOTP', code: codeOf(secret) });
        return answered('RECOVERY_CODE', codes[0] as string);
      },
      'INVALID_CHALLENGE',
    ],
    [
      'two answers at the same time',
      async () => {
        const both = await Promise.all(
          [codes[0], codes[1]].map((code) =>
            identity.guest().request(factors.completeMfa, {
              input: { challenge: step.challenge, method: 'RECOVERY_CODE', code },
            }),
          ),
        );
        const failed = both.flatMap(({ errors }) => errors ?? []);
        expect(failed).toHaveLength(1);
        return failed[0]?.extensions?.['code'] as string;
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a challenge after five minutes',
      async () => {
        identity.harness.clock.advance(5 * 60_000);
        return answered('TOTP', codeOf(secret));
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a challenge after the password was changed',
      async () => {
        const input = { oldPassword: PASSWORD, newPassword: 'another good password' };
        await ada.client.data(operations.changePassword, { input });
        return answered('TOTP', codeOf(secret));
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a challenge after every session was ended',
      async () => {
        await identity.admin().data(operations.revokeUserSessions, { userId: ada.id });
        return answered('TOTP', codeOf(secret));
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a challenge of an account that was deleted',
      async () => {
        await ada.client.data(operations.deleteAccount, { password: PASSWORD });
        return answered('TOTP', codeOf(secret));
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a locked account',
      async () => {
        await identity.harness.sql(`UPDATE users SET status = 'LOCKED' WHERE id = $1`, [ada.id]);
        return answered('TOTP', codeOf(secret));
      },
      'ACCOUNT_LOCKED',
    ],
    [
      'a sixth guess at a challenge',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) {
          identity.harness.clock.advance(2_000);
          await answered('RECOVERY_CODE', 'wrong-wrong');
        }
        identity.harness.clock.advance(60_000);
        return answered('TOTP', codeOf(secret));
      },
      'INVALID_CHALLENGE',
    ],
    [
      'guesses at one challenge after the other',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) await answered('TOTP', '000000');
        return answered('TOTP', codeOf(secret), (await challenged(ada.email)).challenge);
      },
      'RATE_LIMITED',
    ],
    [
      'the challenge of a login in place of a proof',
      async () => {
        const input = { challenge: step.challenge, method: 'TOTP', response: codeOf(secret) };
        return (await ada.client.error(factors.reauthenticate, { input })).extensions.code as string;
      },
      'INVALID_CHALLENGE',
    ],
    [
      'the challenge of a proof in place of a login',
      async () => {
        const { challenge } = (await ada.client.data(factors.beginReauthentication)).beginReauthentication;
        return answered('TOTP', codeOf(secret), challenge);
      },
      'INVALID_CHALLENGE',
    ],
    [
      'a stolen session that enrols an app of its own',
      async () => {
        const user = await identity.signedIn();
        identity.harness.clock.advance(15 * 60_000);
        return (await user.client.error(factors.enrollTotp)).extensions.code as string;
      },
      'REAUTHENTICATION_REQUIRED',
    ],
    [
      'a stolen session that turns the app off without the password',
      async () => (await ada.client.error(factors.disableTotp, { password: '' })).extensions.code as string,
      'INVALID_CREDENTIALS',
    ],
    [
      'a stolen session that deletes the account without the password',
      async () => (await ada.client.error(operations.deleteAccount, { password: '' })).extensions.code as string,
      'INVALID_CREDENTIALS',
    ],
    [
      'a password alone that enrols an app beside a passkey',
      async () => {
        const user = await identity.signedIn();
        await users.enrolPasskey(user);
        const thief = await identity.login(user.email);
        return (await thief.client.error(factors.enrollTotp)).extensions.code as string;
      },
      'REAUTHENTICATION_REQUIRED',
    ],
    [
      'an older session and the password that make recovery codes',
      async () => {
        const user = await identity.signedIn();
        const older = await identity.login(user.email);
        await users.enrolTotp(user);
        const { challenge } = (await older.client.data(factors.beginReauthentication)).beginReauthentication;
        const input = { challenge, method: 'PASSWORD', response: PASSWORD };
        await older.client.data(factors.reauthenticate, { input });
        const { extensions } = await older.client.error(factors.regenerateRecoveryCodes);
        expect(extensions['methods']).toEqual(['TOTP']);
        return extensions.code as string;
      },
      'REAUTHENTICATION_REQUIRED',
    ],
    [
      'an older session and the password that turn the app off',
      async () => {
        const user = await identity.signedIn();
        const older = await identity.login(user.email);
        await users.enrolTotp(user);
        return (await older.client.error(factors.disableTotp, { password: PASSWORD })).extensions.code as string;
      },
      'REAUTHENTICATION_REQUIRED',
    ],
    [
      'a change of the password by a session that was ended',
      async () => {
        await identity.guest().data(operations.logout, { refreshToken: ada.refreshToken });
        const input = { oldPassword: PASSWORD, newPassword: 'another good password' };
        return (await ada.client.error(operations.changePassword, { input })).extensions.code as string;
      },
      'UNAUTHENTICATED',
    ],
    [
      'a refresh token in place of the second step',
      async () =>
        (await identity.guest().error(operations.refresh, { refreshToken: step.challenge })).extensions.code as string,
      'INVALID_REFRESH_TOKEN',
    ],
  ];

  it.each(attacks)('by %s', async (_, attack, code) => {
    expect(await attack()).toBe(code);
  });

  it('leave the owner’s own way in open: who guesses elsewhere keeps nobody out', async () => {
    const home = identity.guest({ ip: '192.0.2.10' });
    const input = { email: ada.email, password: PASSWORD };
    const first = (await home.data(factors.login, { input })).login.challenge;
    await home.data(factors.completeMfa, { input: { challenge: first, method: 'RECOVERY_CODE', code: codes[0] } });
    const elsewhere = identity.guest({ ip: '198.51.100.7' });
    const { challenge } = (await elsewhere.data(factors.login, { input })).login;
    for (let guess = 0; guess < 5; guess += 1)
      await elsewhere.error(factors.completeMfa, { input: { challenge, method: 'TOTP', code: '000000' } });

    const again = (await home.data(factors.login, { input })).login.challenge;
    const answer = { challenge: again, method: 'TOTP', code: codeOf(secret) };
    expect((await home.data(factors.completeMfa, { input: answer })).completeMfa.user.id).toBe(ada.id);
  });

  it('leave a trace when a right password stops there', async () => {
    expect(await identity.events('platform.user.second_factor_requested', ada.id)).toHaveLength(1);
  });

  it('leave a log of what was tried', async () => {
    await answered('TOTP', '000000');
    const failures = await identity.events('platform.user.login_failed', ada.id);
    expect(failures.map(({ data }) => data)).toEqual([{ userId: ada.id, reason: 'wrong_second_factor' }]);
  });

  describe('on passkeys', () => {
    let authenticator: SoftwareAuthenticator;
    beforeEach(async () => {
      ({ authenticator } = await users.enrolPasskey(ada));
    });
    const registration = async (change: (made: Record<string, unknown>) => unknown, user = ada) => {
      const { challenge, options } = (await user.client.data(factors.beginPasskeyRegistration))
        .beginPasskeyRegistration;
      const credential = change({ options });
      const { errors } = await user.client.request(factors.registerPasskey, { input: { challenge, credential } });
      return errors?.[0]?.extensions?.['code'] as string | undefined;
    };
    const made = (deviation: object, signer = new SoftwareAuthenticator(ORIGIN)) =>
      registration(({ options }) => signer.create(options as never, deviation));
    const signed = async (deviation: object, signer = authenticator) =>
      (await passkeyLogin((options) => signer.get(options, deviation))).code;

    const passkeyAttacks: Attack[] = [
      ['a page of another origin', () => signed({ origin: 'https://evil.example' }), 'INVALID_CREDENTIALS'],
      ['a page of a subdomain', () => signed({ origin: 'http://evil.localhost:4000' }), 'INVALID_CREDENTIALS'],
      ['a page at another port', () => signed({ origin: 'http://localhost:4001' }), 'INVALID_CREDENTIALS'],
      ['another relying party', () => signed({ rpId: 'evil.example' }), 'INVALID_CREDENTIALS'],
      ['no user verification', () => signed({ userVerified: false }), 'INVALID_CREDENTIALS'],
      ['the handle of another user', () => signed({ userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'INVALID_CREDENTIALS'],
      ['a registration as an answer', () => signed({ type: 'webauthn.create' }), 'INVALID_CREDENTIALS'],
      [
        'the counter of a copy',
        async () => {
          await passkeyLogin((options) => authenticator.get(options));
          authenticator.counter = 0;
          return signed({});
        },
        'INVALID_CREDENTIALS',
      ],
      [
        'an answer that was used',
        async () => {
          const { input } = await passkeyLogin((options) => authenticator.get(options));
          return (await identity.guest().error(factors.loginWithPasskey, { input })).extensions.code as string;
        },
        'INVALID_CHALLENGE',
      ],
      [
        'an answer to another challenge',
        async () => {
          const other = (await identity.guest().data(factors.beginPasskeyLogin)).beginPasskeyLogin;
          return (await passkeyLogin(() => authenticator.get(other.options))).code;
        },
        'INVALID_CREDENTIALS',
      ],
      [
        'a signature by another key',
        async () => {
          const foreign = new SoftwareAuthenticator(ORIGIN);
          return (
            await passkeyLogin((options) => {
              foreign.create({ ...(options as object), rp: { id: 'localhost' }, user: { id: 'AA' } } as never);
              return { ...foreign.get(options), id: authenticator.credentialId, rawId: authenticator.credentialId };
            })
          ).code;
        },
        'INVALID_CREDENTIALS',
      ],
      ['a passkey that nobody has registered', () => signed({}, unregistered()), 'INVALID_CREDENTIALS'],
      [
        'a passkey that was deleted',
        async () => {
          const [{ id }] = (await ada.client.data(factors.passkeys)).passkeys;
          await ada.client.data(factors.deletePasskey, { id });
          return signed({});
        },
        'INVALID_CREDENTIALS',
      ],
      ['an empty list', async () => (await passkeyLogin(() => [])).code, 'INVALID_CREDENTIALS'],
      ['an empty object', async () => (await passkeyLogin(() => ({}))).code, 'INVALID_CREDENTIALS'],
      ['a number in place of the id', async () => (await passkeyLogin(() => ({ id: 7 }))).code, 'INVALID_CREDENTIALS'],
      [
        'the id alone',
        async () => (await passkeyLogin(() => ({ id: authenticator.credentialId }))).code,
        'INVALID_CREDENTIALS',
      ],
      [
        'a locked account',
        async () => {
          await identity.harness.sql(`UPDATE users SET status = 'LOCKED' WHERE id = $1`, [ada.id]);
          return signed({});
        },
        'ACCOUNT_LOCKED',
      ],
      [
        'a passkey of another account as the second factor',
        async () => {
          const other = await users.enrolPasskey(await identity.signedIn());
          const asked = await challenged(ada.email);
          return answered('PASSKEY', JSON.stringify(other.authenticator.get(asked.passkeyOptions)), asked.challenge);
        },
        'INVALID_CODE',
      ],
      ['a registration at another origin', () => made({ origin: 'https://evil.example' }), 'INVALID_PASSKEY'],
      ['a registration for another party', () => made({ rpId: 'evil.example' }), 'INVALID_PASSKEY'],
      ['a registration without user verification', () => made({ userVerified: false }), 'INVALID_PASSKEY'],
      ['an answer as a registration', () => made({ type: 'webauthn.get' }), 'INVALID_PASSKEY'],
      ['a registration that is none', () => registration(() => ({ id: 'x' })), 'INVALID_PASSKEY'],
      ['a registration that is a text', () => registration(() => 'x'), 'INVALID_PASSKEY'],
      [
        'a registration with the challenge of another session',
        async () => {
          const elsewhere = (await users.enrolled(ada)).client;
          const { challenge, options } = (await ada.client.data(factors.beginPasskeyRegistration))
            .beginPasskeyRegistration;
          const credential = new SoftwareAuthenticator(ORIGIN).create(options);
          const input = { challenge, credential };
          return (await elsewhere.error(factors.registerPasskey, { input })).extensions.code as string;
        },
        'INVALID_CHALLENGE',
      ],
      [
        'a passkey that another account has',
        async () => {
          const bob = await identity.signedIn();
          return registration(({ options }) => {
            const copy = new SoftwareAuthenticator(ORIGIN);
            const credential = copy.create(options as never);
            return withCredentialId(credential, authenticator.credentialId);
          }, bob);
        },
        'INVALID_PASSKEY',
      ],
    ];

    it.each(passkeyAttacks)('by %s', async (_, attack, code) => {
      expect(await attack()).toBe(code);
    });

    it('keep no owner out who answers elsewhere', async () => {
      const elsewhere = identity.guest({ ip: '198.51.100.9' });
      for (let guess = 0; guess < 6; guess += 1) {
        const { challenge } = (await elsewhere.data(factors.beginPasskeyLogin)).beginPasskeyLogin;
        await elsewhere.error(factors.loginWithPasskey, {
          input: { challenge, credential: { id: authenticator.credentialId } },
        });
      }
      expect((await passkeyLogin((options) => authenticator.get(options))).user?.id).toBe(ada.id);
    });

    it('take any transports, and keep those that are words', async () => {
      const user = await identity.signedIn();
      const { challenge, options } = (await user.client.data(factors.beginPasskeyRegistration))
        .beginPasskeyRegistration;
      const made = new SoftwareAuthenticator(ORIGIN).create(options) as { response: object };
      const credential = { ...made, response: { ...made.response, transports: [1, null, 'usb', 'ä'] } };
      await user.client.data(factors.registerPasskey, { input: { challenge, credential } });
      const rows = await identity.harness.sql('SELECT transports FROM passkeys WHERE user_id = $1', [user.id]);
      expect(rows).toEqual([{ transports: ['usb'] }]);
    });

    it('spare a synchronised passkey, which each device counts for itself', async () => {
      const synced = (await users.enrolPasskey(ada, new SoftwareAuthenticator(ORIGIN, true))).authenticator;
      synced.counter = 7;
      expect((await passkeyLogin((options) => synced.get(options))).user?.id).toBe(ada.id);
      synced.counter = 2;
      expect((await passkeyLogin((options) => synced.get(options))).user?.id).toBe(ada.id);
    });
  });
});

function unregistered(): SoftwareAuthenticator {
  const authenticator = new SoftwareAuthenticator(ORIGIN);
  authenticator.create({ challenge: 'AA', rp: { id: 'localhost' }, user: { id: 'AA' } });
  return authenticator;
}

/** The registration with another id in place of its own. */
function withCredentialId(credential: Record<string, unknown>, id: string): Record<string, unknown> {
  const { attestationObject, ...response } = credential['response'] as { attestationObject: string };
  const own = Buffer.from(credential['id'] as string, 'base64url');
  const bytes = Buffer.from(attestationObject, 'base64url');
  Buffer.from(id, 'base64url').copy(bytes, bytes.indexOf(own));
  const changed = { ...response, attestationObject: bytes.toString('base64url') };
  return { ...credential, id, rawId: id, response: changed };
}
