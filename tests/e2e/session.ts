import { eventually, type GraphQLClient } from '@platform/testkit';

const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { ... on AuthPayload { accessToken refreshToken user { id } } }
}`;

/** A signed-in client with its tokens. */
export class Session {
  readonly client: GraphQLClient;

  private constructor(
    anonymous: GraphQLClient,
    readonly accessToken: string,
    readonly refreshToken: string,
    readonly userId: string,
  ) {
    this.client = anonymous.withToken(accessToken);
  }

  static async signIn(anonymous: GraphQLClient, email: string, password: string): Promise<Session> {
    const { login } = await anonymous.data(LOGIN, { input: { email, password } });
    return new Session(anonymous, login.accessToken, login.refreshToken, login.user.id);
  }

  /** Registers, follows the mailed link, and signs in. `url` is the router's. */
  static async signUp(url: string, anonymous: GraphQLClient, email: string, password: string): Promise<Session> {
    await anonymous.data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
      input: { email, password, firstName: 'Ada', lastName: 'Lovelace' },
    });
    const token = await mailedToken(url, email, '/verify-email');
    await anonymous.data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
    return Session.signIn(anonymous, email, password);
  }
}

/** The token in the newest mail to the address whose link leads to `page`, read from the development mailbox. */
export const mailedToken = (url: string, to: string, page: string): Promise<string> =>
  eventually(async () => {
    const response = await fetch(`${url}/dev/mailbox.json?to=${encodeURIComponent(to)}`);
    const mails = (await response.json()) as { links: string[] }[];
    const link = mails.flatMap(({ links }) => links).find((candidate) => new URL(candidate).pathname === page);
    if (!link) throw new Error(`No mail to ${to} with a link to ${page}`);
    return new URL(link).searchParams.get('token') as string;
  });
