import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** What the provider knows of somebody. */
export type Person = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Changes what the provider is about to answer at a route. */
export type Tamper = (body: Record<string, unknown>) => Record<string, unknown> | Promise<Record<string, unknown>>;

const CLIENT = { clientId: 'platform', clientSecret: 'a secret of the platform at the provider' };

/** A real OpenID provider on this machine, at which whoever comes is signed in as the person that the test says; its answers can be forged. */
export class OpenIdProvider {
  /** Who is signed in at the provider. */
  person: Person = { sub: randomUUID() };
  /** By the provider's name of the route: discovery, token, userinfo, jwks. */
  readonly tampers = new Map<string, Tamper>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    private readonly key: CryptoKey,
  ) {}

  /** @param callbacks the exact addresses that it sends browsers back to. */
  static async start(callbacks: readonly string[]): Promise<OpenIdProvider> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const here = new OpenIdProvider(server, issuer, privateKey);
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.clientId,
          client_secret: CLIENT.clientSecret,
          redirect_uris: [...callbacks],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'only', alg: 'RS256', use: 'sig' }] },
      cookies: { keys: [randomUUID()] },
      claims: {
        openid: ['sub', 'hd', 'xms_edov'],
        email: ['email', 'email_verified'],
        profile: ['given_name', 'family_name', 'locale'],
      },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ ...here.person, sub: accountId }) }),
      ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, AuthorizationCode: 60, IdToken: 60 },
    });
    provider.use(async (context, next) => {
      await next();
      const tamper = here.tampers.get(context.oidc?.route as string);
      if (tamper && context.status === 200) context.body = await tamper(context.body as Record<string, unknown>);
    });
    const handle = provider.callback();
    server.on('request', async (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
      const { params } = await provider.interactionDetails(request, response);
      const grant = new provider.Grant({ accountId: here.person.sub, clientId: params.client_id as string });
      grant.addOIDCScope('openid email profile');
      const result = { login: { accountId: here.person.sub }, consent: { grantId: await grant.save() } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    return here;
  }

  /** What the platform's configuration says of it. */
  settings(kind: 'oidc' | 'google' | 'microsoft'): Record<string, unknown> {
    return { kind, issuer: this.issuer, ...CLIENT };
  }

  /** An ID token with the provider's own signature, in the place of the one that is about to be answered. */
  forgeIdToken(change: (claims: Record<string, unknown>) => Record<string, unknown>): void {
    this.tampers.set('token', async (body) => {
      const claims = change(claimsOf(body.id_token as string));
      const header = { alg: 'RS256', kid: 'only' };
      return { ...body, id_token: await new SignJWT(claims).setProtectedHeader(header).sign(this.key) };
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Unchecked. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] as string, 'base64url').toString());
