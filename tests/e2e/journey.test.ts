import { eventually } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'analytical engine 1843';

describe('the main journey on the embedded platform', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('goes from registration to an audited, revoked and ended session', async () => {
    const guest = platform.anonymous;
    const admin = await platform.signInAsAdministrator();

    await registerAndVerify();
    const author = await platform.signIn(EMAIL, PASSWORD);
    const { me } = await author.client.data('{ me { id email displayName emailVerified } }');
    expect(me).toEqual({ id: author.userId, email: EMAIL, displayName: 'Ada Lovelace', emailVerified: true });

    const postId = await draft(author);
    expect(await guest.data('query ($id: ID!) { post(id: $id) { id } }', { id: postId })).toEqual({ post: null });
    await author.client.data('mutation ($id: ID!) { publishPost(id: $id) { status } }', { id: postId });

    const read = await guest.data(
      'query ($id: ID!) { post(id: $id) { title author { displayName email } tags { name } } }',
      { id: postId },
    );
    expect(read.post).toEqual({
      title: 'Notes on the engine',
      author: { displayName: 'Ada Lovelace', email: null },
      tags: [{ name: 'engines' }],
    });

    await auditShows(admin, author, postId);
    await permissionIsTakenAway(admin, author);
    await refreshRotatesAndReuseKills(author);
    await logoutEndsAtOnce();

    async function registerAndVerify(): Promise<void> {
      const register = 'mutation ($input: RegisterInput!) { register(input: $input) { accepted } }';
      const input = { email: EMAIL, password: PASSWORD, firstName: 'Ada', lastName: 'Lovelace' };
      expect(await guest.data(register, { input })).toEqual({ register: { accepted: true } });
      expect(await guest.codes(LOGIN, { input: { email: EMAIL, password: PASSWORD } })).toEqual(['EMAIL_NOT_VERIFIED']);
      const token = await platform.mailedToken(EMAIL, '/verify-email');
      expect(await guest.data('mutation ($token: String!) { verifyEmail(token: $token) }', { token })).toEqual({
        verifyEmail: true,
      });
    }
  });

  async function draft(author: Session): Promise<string> {
    const { createPost } = await author.client.data(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { id status version } }',
      { input: { title: 'Notes on the engine', content: 'It weaves algebraic patterns.', tags: ['Engines'] } },
    );
    expect(createPost.status).toBe('DRAFT');
    return createPost.id;
  }

  /** Every step so far, each exactly once. */
  async function auditShows(admin: Session, author: Session, postId: string): Promise<void> {
    await eventually(async () => {
      const { auditEntries } = await admin.client.data(
        '{ auditEntries(first: 100) { nodes { action resourceId outcome actor { id } } } }',
      );
      const of = (action: string, resourceId: string) =>
        auditEntries.nodes.filter((entry: Entry) => entry.action === action && entry.resourceId === resourceId);
      const expected: [string, string, string | null][] = [
        ['platform.user.registered', author.userId, null],
        ['platform.user.email_verified', author.userId, author.userId],
        ['platform.user.login_failed', author.userId, null],
        ['platform.user.logged_in', author.userId, author.userId],
        ['blog.post.created', postId, author.userId],
        ['blog.post.published', postId, author.userId],
      ];
      for (const [action, resourceId, actor] of expected) {
        expect(of(action, resourceId).map((entry: Entry) => entry.actor?.id ?? null)).toEqual([actor]);
      }
    });
  }

  async function permissionIsTakenAway(admin: Session, author: Session): Promise<void> {
    const { roleByName } = await admin.client.data('{ roleByName(name: "user") { id } }');
    const variables = { roleId: roleByName.id, permissions: ['blog.post.create'] };
    await draft(author);
    await admin.client.data(
      'mutation ($roleId: ID!, $permissions: [String!]!) { revokePermissions(roleId: $roleId, permissions: $permissions) { id } }',
      variables,
    );
    const refused = await author.client.request('mutation { createPost(input: { title: "x", content: "y" }) { id } }');
    expect(refused).toMatchObject({
      status: 200,
      data: null,
      errors: [{ path: ['createPost'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
    await admin.client.data(
      'mutation ($roleId: ID!, $permissions: [String!]!) { grantPermissions(roleId: $roleId, permissions: $permissions) { id } }',
      variables,
    );
    await draft(author);
  }

  async function refreshRotatesAndReuseKills(author: Session): Promise<void> {
    const { anonymous } = platform;
    const rotated = await anonymous.data(REFRESH, { token: author.refreshToken });
    expect(rotated.refreshToken.refreshToken).not.toBe(author.refreshToken);
    const next = await anonymous.data(REFRESH, { token: rotated.refreshToken.refreshToken });

    expect(await anonymous.codes(REFRESH, { token: author.refreshToken })).toEqual(['REFRESH_TOKEN_REUSED']);

    expect(await anonymous.codes(REFRESH, { token: next.refreshToken.refreshToken })).toEqual([
      'INVALID_REFRESH_TOKEN',
    ]);
    expect(await author.client.request('{ me { id } }')).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  }

  async function logoutEndsAtOnce(): Promise<void> {
    const session = await platform.signIn(EMAIL, PASSWORD);
    await session.client.data('{ me { id } }');
    expect(
      await platform.anonymous.data('mutation ($token: String!) { logout(refreshToken: $token) }', {
        token: session.refreshToken,
      }),
    ).toEqual({ logout: true });
    expect(await session.client.request('{ me { id } }')).toMatchObject({ status: 401 });
  }
});

interface Entry {
  readonly action: string;
  readonly resourceId: string | null;
  readonly actor: { id: string } | null;
}

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }';
const REFRESH = 'mutation ($token: String!) { refreshToken(refreshToken: $token) { accessToken refreshToken } }';
