import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import { createUser, login, register, updateUser, user, userByEmail, verifyEmail } from './operations.js';

const MIGRATION = join(projectRoot(), 'subgraphs/identity/migrations/1764805000005-one-spelling-of-domains.sql');

describe('one thing in two spellings', () => {
  const identity = useIdentity();
  const codeOf = async (operation: string, variables: Record<string, unknown>) =>
    (await identity.admin().error(operation, variables)).extensions.code;

  it('is one account, of an address with an internationalised domain', async () => {
    const input = { email: 'bob@xn--bcher-kva.test', password: PASSWORD };
    await identity.guest().data(register, { input });
    await identity.guest().data(verifyEmail, { token: tokenIn(await identity.mail('bob@bücher.test', 'Verify')) });
    const { id } = await identity.login('bob@bücher.test');
    await identity.login('bob@xn--bcher-kva.test');
    await identity.login('Bob@XN--BCHER-KVA.test');
    const other = await identity.signedIn();
    for (const email of ['bob@bücher.test', 'bob@xn--bcher-kva.test', 'bob@bu\u0308cher.test', 'bob@BÜCHER.test']) {
      expect((await identity.admin().data(userByEmail, { email })).userByEmail.id).toBe(id);
      expect(await codeOf(createUser, { input: { email } })).toBe('CONFLICT');
      expect(await codeOf(updateUser, { id: other.id, input: { email } })).toBe('CONFLICT');
      await identity.guest().data(register, { input: { email, password: 'the password of a stranger' } });
      const error = await identity.guest().error(login, { input: { email, password: 'the password of a stranger' } });
      expect(error.extensions.code).toBe('INVALID_CREDENTIALS');
    }
  });

  it('is one account of an address from before, too', async () => {
    const spellings = [
      ['xn--bcher-kva.test', 'bücher.test'],
      ['mail.xn--mnchen-3ya.example', 'mail.münchen.example'],
      ['xn--fsqu00a.xn--0zwm56d', '例子.测试'],
      ['xn--e1afmkfd.xn--80akhbyknj4f', 'пример.испытание'],
      ['xn--strae-oqa.test', 'straße.test'],
      ['xn--ls8h.test', '💩.test'],
      ['xn---.test', 'xn---.test'],
      ['example.test', 'example.test'],
      ['xn--bucher-xyd.test', 'xn--bucher-xyd.test'], // bücher.test once more, in another form: that is taken by now
    ] as const;
    for (const [ascii] of spellings) {
      await identity.harness.sql(
        `INSERT INTO users (id, email, email_verified, username, created_at, updated_at)
         VALUES (gen_random_uuid(), $1, true, $2, now(), now())`,
        [`old@${ascii}`, `old.${ascii.replaceAll('--', '-').slice(0, 27)}`],
      );
    }
    await identity.harness.sql(readFileSync(MIGRATION, 'utf8'));
    for (const [, letters] of spellings) {
      expect([
        letters,
        await identity.harness.sql('SELECT 1 AS one FROM users WHERE email = $1', [`old@${letters}`]),
      ]).toEqual([letters, [{ one: 1 }]]);
    }
  });

  it('is one id in upper and in lower case, as an argument and in a reference', async () => {
    const { id } = await identity.signedIn();
    expect((await identity.admin().data(user, { id: id.toUpperCase() })).user.id).toBe(id);
    const { updateUser: updated } = await identity
      .admin()
      .data(updateUser, { id: id.toUpperCase(), input: { firstName: 'Ada' } });
    expect(updated.firstName).toBe('Ada');
    expect(await identity.events('platform.user.updated', id)).toHaveLength(1);
    const [reference] = (
      await identity.admin().data('query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }', {
        r: [{ __typename: 'User', id: id.toUpperCase() }],
      })
    )._entities;
    expect(reference).toEqual({ id });
  });

  it('is one password, counted as it is hashed', async () => {
    const ligatures = 'ﬃ'.repeat(3);
    const { email } = await identity.registered({ password: ligatures });
    await identity.login(email, 'ffi'.repeat(3));
    const input = { email: 'long@example.com', password: 'ﬃ'.repeat(43) };
    expect((await identity.guest().error(register, { input })).extensions.code).toBe('BAD_USER_INPUT');
    await identity.login(email, ligatures);
  });
});
