import { randomUUID } from 'node:crypto';
import { type GraphQLClient, SoftwareAuthenticator, totpCode } from '@platform/testkit';
import { describeInBothTopologies, type JourneyPlatform } from './both-topologies.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import { Session } from './session.js';

const PASSWORD = 'analytical engine 1843';
/** Where pages are, of which passkeys are. */
const ORIGIN = 'http://localhost:4000';
const SETTINGS = { APP_PUBLIC_URL: ORIGIN, TENANCY_MODE: 'multi', ROUTER_RATE_LIMIT_ENABLED: 'false' };

const TOKENS = 'accessToken refreshToken user { id } organization { id }';
const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { ... on AuthPayload { ${TOKENS} } ... on MfaChallenge { challenge methods passkeyOptions } }
}`;
const COMPLETE = `mutation ($input: CompleteMfaInput!) { completeMfa(input: $input) { ${TOKENS} } }`;
const ENROL = 'mutation { enrollTotp { secret } }';
const CONFIRM = 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }';
const BEGIN_PASSKEY = 'mutation { beginPasskeyRegistration { challenge options } }';
const REGISTER_PASSKEY = 'mutation ($input: RegisterPasskeyInput!) { registerPasskey(input: $input) { id } }';
const BEGIN_LOGIN = 'mutation { beginPasskeyLogin { challenge options } }';
const PASSKEY_LOGIN = `mutation ($input: LoginWithPasskeyInput!) { loginWithPasskey(input: $input) { ${TOKENS} } }`;
const CREATE = 'mutation ($name: String!) { createOrganization(input: { name: $name }) { id } }';
const SWITCH = `mutation ($id: ID!) { switchOrganization(id: $id) { ${TOKENS} } }`;
const REQUIRE = 'mutation ($id: ID!) { updateOrganization(id: $id, input: { mfaRequired: true }) { mfaRequired } }';
const WHERE = '{ activeOrganization { id } currentSession { methods } }';

function journeys(platform: () => JourneyPlatform): void {
  const anonymous = () => platform().anonymous();

  async function signedUp(): Promise<{ email: string; client: GraphQLClient }> {
    const email = `${randomUUID()}@example.com`;
    await anonymous().data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
      input: { email, password: PASSWORD },
    });
    const token = await platform().mailed(email, '/verify-email');
    await anonymous().data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
    return { email, client: (await Session.signIn(anonymous(), email, PASSWORD)).client };
  }
  const login = async (email: string) =>
    (await anonymous().data(LOGIN, { input: { email, password: PASSWORD } })).login;
  const as = ({ accessToken }: { accessToken: string }) => anonymous().withToken(accessToken);

  it('lets a user with an authenticator app sign in, lose it, and recover', async () => {
    const { email, client } = await signedUp();
    const { secret } = (await client.data(ENROL)).enrollTotp;
    const { codes } = (await client.data(CONFIRM, { code: totpCode(secret) })).confirmTotp;

    const step = await login(email);
    expect(step).toEqual({ challenge: expect.any(String), methods: ['TOTP', 'RECOVERY_CODE'], passkeyOptions: null });
    const wrong = { challenge: step.challenge, method: 'TOTP', code: '000000' };
    expect((await anonymous().request(COMPLETE, { input: wrong })).errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_CODE' }) }),
    ]);
    const recovery = { challenge: step.challenge, method: 'RECOVERY_CODE', code: codes[0] };
    const recovered = as((await anonymous().data(COMPLETE, { input: recovery })).completeMfa);
    expect((await recovered.data(WHERE)).currentSession.methods).toEqual(['PASSWORD', 'RECOVERY_CODE']);
    const off = 'mutation ($password: String!) { disableTotp(password: $password) }';
    expect(await recovered.data(off, { password: PASSWORD })).toEqual({ disableTotp: true });
    expect(await login(email)).toMatchObject({ accessToken: expect.any(String) });
  });

  it('lets a user with a passkey sign in without a password', async () => {
    const { email, client } = await signedUp();
    const authenticator = new SoftwareAuthenticator(ORIGIN);
    const begun = (await client.data(BEGIN_PASSKEY)).beginPasskeyRegistration;
    const made = { challenge: begun.challenge, credential: authenticator.create(begun.options) };
    await client.data(REGISTER_PASSKEY, { input: made });
    expect(await login(email)).toMatchObject({ accessToken: expect.any(String) });

    const asked = (await anonymous().data(BEGIN_LOGIN)).beginPasskeyLogin;
    const input = { challenge: asked.challenge, credential: authenticator.get(asked.options) };
    const session = as((await anonymous().data(PASSKEY_LOGIN, { input })).loginWithPasskey);
    expect((await session.data(WHERE)).currentSession.methods).toEqual(['PASSKEY']);
  });

  it('keeps sessions without a second factor out of an organization from the moment that it asks for one', async () => {
    const owner = await signedUp();
    const { secret } = (await owner.client.data(ENROL)).enrollTotp;
    await owner.client.data(CONFIRM, { code: totpCode(secret) });
    const { id } = (await owner.client.data(CREATE, { name: `Careful ${randomUUID().slice(0, 8)}` }))
      .createOrganization;
    const administrator = as((await owner.client.data(SWITCH, { id })).switchOrganization);
    const member = await signedUp();
    const invite = 'mutation ($email: String!) { inviteMember(input: { email: $email }) { id } }';
    await administrator.data(invite, { email: member.email });
    const token = await platform().mailed(member.email, '/invitation');
    const accept = 'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { status } }';
    await member.client.data(accept, { token });
    const acting = as((await member.client.data(SWITCH, { id })).switchOrganization);
    expect((await acting.data(WHERE)).activeOrganization).toEqual({ id });

    await administrator.data(REQUIRE, { id });

    expect((await acting.data(WHERE)).activeOrganization).toBeNull();
    expect((await administrator.data(WHERE)).activeOrganization).toEqual({ id });
    const { secret: own } = (await acting.data(ENROL)).enrollTotp;
    await acting.data(CONFIRM, { code: totpCode(own) });
    expect((await acting.data(WHERE)).activeOrganization).toEqual({ id });
  });
}

describeInBothTopologies('second factors', SETTINGS, journeys);

describe('second factors where there is one organization', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('are what it may ask for: sessions without one act in none', async () => {
    const administrator = await platform.signInAsAdministrator();
    const bob = await platform.signUp('bob@example.com', PASSWORD);
    const { id } = (await bob.client.data('{ activeOrganization { id } }')).activeOrganization;
    const { secret } = (await administrator.client.data(ENROL)).enrollTotp;
    await administrator.client.data(CONFIRM, { code: totpCode(secret) });
    await administrator.client.data(REQUIRE, { id });

    const create = 'mutation { createPost(input: { title: "Mine", content: "x" }) { id } }';
    const again = await platform.signIn('bob@example.com', PASSWORD);
    for (const { client } of [bob, again]) {
      expect(await client.data('{ activeOrganization { id } myPermissions }')).toEqual({
        activeOrganization: null,
        myPermissions: [],
      });
      expect((await client.request(create)).errors).toHaveLength(1);
    }
    const own = (await again.client.data(ENROL)).enrollTotp.secret;
    await again.client.data(CONFIRM, { code: totpCode(own) });
    const { accessToken } = (await again.client.data(SWITCH, { id })).switchOrganization;
    expect(await platform.anonymous.withToken(accessToken).data(create)).toEqual({
      createPost: { id: expect.any(String) },
    });
  });
});
