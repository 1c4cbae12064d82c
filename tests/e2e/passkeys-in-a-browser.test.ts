import { describeWithBrowser, type TestBrowser, totpCode } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import { freePorts } from './free-ports.js';

const PASSWORD = 'analytical engine 1843';

type Page = Awaited<ReturnType<TestBrowser['browser']['newPage']>>;

/** What the test uses of the browser's own objects. */
interface BrowserWindow {
  readonly PublicKeyCredential: Record<string, (options: unknown) => unknown>;
  readonly navigator: {
    credentials: Record<string, (asked: { publicKey: unknown }) => Promise<{ toJSON(): unknown }>>;
  };
}

/** Sends a GraphQL request from the page. */
// biome-ignore lint/suspicious/noExplicitAny: answers have the shape that their test asks for
async function graphql(page: Page, query: string, variables: object = {}, token?: string): Promise<any> {
  const { data, errors } = await page.evaluate(
    async ({ query, variables, token }) => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      // biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
      return response.json() as Promise<{ data: any; errors?: unknown }>;
    },
    { query, variables, token },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** What the browser makes of the options of a ceremony, as a front end would ask it. */
const answered = (page: Page, kind: 'create' | 'get', options: unknown): Promise<unknown> =>
  page.evaluate(
    async ({ kind, options }) => {
      const browser = globalThis as unknown as BrowserWindow;
      const parse = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
      const publicKey = browser.PublicKeyCredential[parse]?.(options);
      return (await browser.navigator.credentials[kind]?.({ publicKey }))?.toJSON();
    },
    { kind, options },
  );

describeWithBrowser('signing in with a browser', (started) => {
  let platform: EmbeddedPlatform;
  /** Browsers know passkeys of localhost, and not of 127.0.0.1. */
  let origin: string;
  let page: Page;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    origin = `http://localhost:${port}`;
    platform = await EmbeddedPlatform.start({ env: { SERVER_PORT: String(port), APP_PUBLIC_URL: origin } });
  });
  afterAll(() => platform?.stop());
  beforeEach(async () => {
    page = await started.browser.newPage();
    await page.goto(`${origin}/graphql`);
  });
  afterEach(() => page.close());

  /** An authenticator in the browser that verifies its user, and how it is lost. */
  async function withAuthenticator(): Promise<() => Promise<void>> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return async () => {
      await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    };
  }
  const registered = async (token: string): Promise<void> => {
    const { beginPasskeyRegistration: begun } = await graphql(
      page,
      'mutation { beginPasskeyRegistration { challenge options } }',
      {},
      token,
    );
    const input = { challenge: begun.challenge, credential: await answered(page, 'create', begun.options) };
    await graphql(
      page,
      'mutation ($input: RegisterPasskeyInput!) { registerPasskey(input: $input) { id } }',
      { input },
      token,
    );
  };

  it('goes by a passkey, which can be lost and replaced', async () => {
    const ada = await platform.signUp('ada@example.com', PASSWORD);
    const lose = await withAuthenticator();
    await registered(ada.accessToken);
    const login = 'mutation ($input: LoginWithPasskeyInput!) { loginWithPasskey(input: $input) { user { id } } }';
    const enter = async () => {
      const { beginPasskeyLogin: begun } = await graphql(page, 'mutation { beginPasskeyLogin { challenge options } }');
      const input = { challenge: begun.challenge, credential: await answered(page, 'get', begun.options) };
      return (await graphql(page, login, { input })).loginWithPasskey.user.id;
    };
    expect(await enter()).toBe(ada.userId);

    await lose();
    const again = await platform.signIn('ada@example.com', PASSWORD);
    const { passkeys } = await again.client.data('{ passkeys { id } }');
    await again.client.data('mutation ($id: ID!) { deletePasskey(id: $id) }', { id: passkeys[0].id });
    await withAuthenticator();
    await registered(again.accessToken);
    expect(await enter()).toBe(ada.userId);
  });

  it('goes by the explorer’s form with a code of an authenticator app', async () => {
    const { client } = await platform.signUp('grace@example.com', PASSWORD);
    const { secret } = (await client.data('mutation { enrollTotp { secret } }')).enrollTotp;
    const { codes } = (
      await client.data('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', { code: totpCode(secret) })
    ).confirmTotp;

    await page.fill('#sign-in [name=email]', 'grace@example.com');
    await page.fill('#sign-in [name=password]', PASSWORD);
    await page.click('#sign-in button');
    await page.waitForSelector('#sign-in [name=code]:visible');
    await page.fill('#sign-in [name=code]', 'not-a-code');
    await page.click('#sign-in button');
    await page.waitForSelector('#notice:visible');
    await page.fill('#sign-in [name=code]', codes[0]);
    await page.click('#sign-in button');
    await page.waitForSelector('#signed-in:visible');
    expect(await page.textContent('#who')).toBe('Ada Lovelace');
  });
});
