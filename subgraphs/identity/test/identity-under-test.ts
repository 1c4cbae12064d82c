import { randomUUID } from 'node:crypto';
import { NO_ORGANIZATION, userCaller } from '@platform/auth';
import { identity } from '@platform/identity';
import type { Mail, Mailer } from '@platform/mail';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { eventually, type SubgraphClient, type SubgraphHarness, useSubgraph } from '@platform/testkit';
import * as operations from './operations.js';

/** A password that may be set. */
export const PASSWORD = 'correct horse battery staple';

/** Somebody signed in, as a client knows them. */
export interface SignedIn {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Calls as this user, in this session. */
  readonly client: SubgraphClient;
}

export type Infrastructure = Parameters<typeof identity.compose>[0];

/** Identity under test, with the words that its tests are written in. */
export interface IdentityUnderTest {
  readonly harness: SubgraphHarness<typeof identity.sections>;
  infrastructure(): Infrastructure;
  /** Calls without signing in; from a device, where given. */
  guest(device?: { ip?: string; userAgent?: string }): SubgraphClient;
  /** Calls as an administrator. */
  admin(): SubgraphClient;
  /** Registers an address and verifies it. */
  registered(input?: Record<string, unknown>): Promise<{ email: string }>;
  /** Calls as the user in another organization, with these permissions. */
  in(organizationId: string, user: SignedIn, permissions?: readonly string[]): SubgraphClient;
  /** A verified user, signed in. */
  signedIn(input?: Record<string, unknown>): Promise<SignedIn>;
  login(email: string, password?: string, client?: SubgraphClient): Promise<SignedIn>;
  /** The newest mail to the address with a text in its subject, as soon as `count` of them are there. */
  mail(to: string, subject: string, count?: number): Promise<Mail>;
  /** Whether the router would accept an access token of this session. */
  isAlive(user: Pick<SignedIn, 'id' | 'sessionId'>): Promise<boolean>;
  /** Events of this type about the subject, oldest first. */
  events(type: string, subject: string): Promise<{ actor?: string; data: Record<string, unknown> }[]>;
}

/** Starts identity for the tests of a file. */
export function useIdentity({
  mailer,
  ...options
}: {
  set?: string[];
  endpoints?: Record<string, SubgraphEndpoint>;
  mailer?: (config: Infrastructure['config']) => Mailer;
} = {}): IdentityUnderTest {
  let infrastructure: Infrastructure;
  const harness = useSubgraph(
    {
      ...identity,
      compose(given: Infrastructure) {
        infrastructure = { ...given, mailer: mailer?.(given.config) ?? given.mailer };
        return identity.compose(infrastructure);
      },
    },
    { endpoints: { authz: authzWithoutRoles }, ...options },
  );
  afterEach(() => {
    const unexpected = harness.unexpected.splice(0);
    expect(unexpected).toEqual([]);
  });
  const guest = ({ ip, userAgent }: { ip?: string; userAgent?: string } = {}) =>
    harness.as(harness.asAnonymous().caller, {
      ...(ip && { 'x-client-ip': ip }),
      ...(userAgent && { 'user-agent': userAgent }),
    });

  const under: IdentityUnderTest = {
    harness,
    infrastructure: () => infrastructure,
    guest,
    admin: () => harness.asUser(randomUUID(), Object.values(administration)),
    async registered(input = {}) {
      const email = `${randomUUID()}@example.com`;
      await guest().data(operations.register, { input: { email, password: PASSWORD, ...input } });
      await guest().data(operations.verifyEmail, { token: tokenIn(await under.mail(email, 'Verify')) });
      return { email };
    },
    in: (organizationId, { id, sessionId }, permissions = []) =>
      harness.as(userCaller(id, sessionId, organizationId, permissions)),
    async signedIn(input) {
      return under.login((await under.registered(input)).email);
    },
    async login(email, password = PASSWORD, client = guest()) {
      const { login } = await client.data(operations.login, { input: { email, password } });
      return asSignedIn(harness, login);
    },
    mail: (to, subject, count = 1) =>
      eventually(() => {
        const mails = harness.mailer.sent.filter((mail) => mail.to === to && mail.subject.includes(subject));
        if (mails.length < count) throw new Error(`${mails.length} mails “${subject}” were sent to ${to}`);
        return mails.at(-1) as Mail;
      }),
    async isAlive({ id, sessionId }) {
      const representations = [{ __typename: 'Session', id: sessionId }];
      const client = harness.asUser(id, [], sessionId);
      const { _entities } = await client.data(operations.sessionReference, { representations });
      return _entities[0] !== null;
    },
    async events(type, subject) {
      return (await harness.outbox()).filter((event) => event.type === type && event.subject === subject);
    },
  };
  return under;
}

/** Authz, as it answers for users without roles: everyone may act on them, and give any role. */
const authzWithoutRoles: SubgraphEndpoint = {
  execute: async () => ({
    data: {
      _entities: [{ roles: [], name: 'editor' }],
      mayChangeUser: true,
      refreshUserState: true,
      establishOrganization: true,
      admitMember: true,
      releaseMember: true,
      admitServiceAccount: true,
      releaseServiceAccount: true,
      mayActAsServiceAccount: true,
      assignableRoles: ['editor'],
      roleByName: { id: randomUUID() },
    },
  }),
};

/** What an administrator of users holds. */
const administration = {
  read: 'identity.user.read',
  create: 'identity.user.create',
  update: 'identity.user.update',
  delete: 'identity.user.delete',
  revoke: 'identity.session.revoke',
} as const;

/** The secret in a mail's only link. */
export function tokenIn({ links: [link] }: Mail): string {
  const token = link && new URL(link).searchParams.get('token');
  if (!token) throw new Error('The mail has no link');
  return token;
}

/** The claims of a token, unchecked. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] as string, 'base64url').toString());

/** The client of a token answer. */
export function asSignedIn(
  harness: Pick<IdentityUnderTest['harness'], 'as' | 'asUser'>,
  payload: { accessToken: string; refreshToken: string; user: { id: string; email: string; username: string } },
): SignedIn {
  const { sid, tenant_id } = claimsOf(payload.accessToken) as { sid: string; tenant_id?: string };
  const { id, email, username } = payload.user;
  return {
    id,
    email,
    username,
    sessionId: sid,
    accessToken: payload.accessToken,
    refreshToken: payload.refreshToken,
    client: harness.as(userCaller(id, sid, tenant_id ?? NO_ORGANIZATION)),
  };
}
