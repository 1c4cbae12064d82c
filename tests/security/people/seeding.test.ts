import { seedAdministrator } from '@platform/runtime/seed-administrator';
import { useIdentityWithAuthz } from './identity-with-authz.js';

const EMAIL = 'first@example.com';
const PASSWORD = 'correct horse battery staple';

describe('seeding the first administrator', () => {
  const people = useIdentityWithAuthz();
  const seed = () => seedAdministrator(people.services(), { seed: { adminEmail: EMAIL, adminPassword: PASSWORD } });
  const made = async (): Promise<string> => {
    const seeding = await seed();
    if (seeding.outcome !== 'made') throw new Error(seeding.outcome);
    return seeding.id;
  };
  beforeEach(async () => {
    await people.withoutAdministrators();
    await people.identity.sql('DELETE FROM users');
  });

  it('makes one, once, also when several processes start at a time', async () => {
    const outcomes = await Promise.all([seed(), seed(), seed()]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['made', 'present', 'present']);
    expect(await people.usableAdministrators()).toHaveLength(1);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['the role was taken from them', () => people.withoutAdministrators()],
    ['they were deleted', (id) => people.identity.sql('DELETE FROM users WHERE id = $1', [id])],
    [
      'their address was changed',
      (id) => people.identity.sql("UPDATE users SET email = 'x@y.test' WHERE id = $1", [id]),
    ],
    ['they were locked', (id) => people.identity.sql("UPDATE users SET status = 'LOCKED' WHERE id = $1", [id])],
  ])('changes nothing while another one can sign in, although %s', async (_what, happens) => {
    const id = await made();
    await happens(id);
    await people.administrator();
    const before = await people.usableAdministrators();

    expect(await seed()).toEqual({ outcome: 'present' });
    expect(await people.usableAdministrators()).toEqual(before);
  });

  it('changes nothing after the only one has changed their address and name', async () => {
    const id = await made();
    await people.identity.sql("UPDATE users SET email = 'new@example.com', username = 'boss' WHERE id = $1", [id]);
    expect(await seed()).toEqual({ outcome: 'present' });
  });

  it('makes nobody an administrator who verified the address before, and does not fail', async () => {
    const stranger = await people.person();
    await people.identity.sql('UPDATE users SET email = $2 WHERE id = $1', [stranger, EMAIL]);
    expect(await seed()).toEqual({ outcome: 'undecided', email: EMAIL });
    expect(await people.usableAdministrators()).toEqual([]);
  });

  it('makes another one where nobody can sign in, and takes another username where somebody has admin', async () => {
    const first = await made();
    await people.identity.sql("UPDATE users SET email = 'gone@example.com', status = 'LOCKED' WHERE id = $1", [first]);
    const second = await made();
    expect(await people.usableAdministrators()).toEqual([second]);
    const [{ username }] = await people.identity.sql('SELECT username FROM users WHERE id = $1', [second]);
    expect(username).toMatch(/^user-/);
  });

  it('goes on where it was cut short', async () => {
    const { identity } = people.services();
    const id = await identity.accounts.prepare({ email: EMAIL, password: 'another good password', username: 'admin' });
    expect(await made()).toBe(id);
    expect(await people.usableAdministrators()).toEqual([id]);
  });
});
