import { randomUUID } from 'node:crypto';
import { everyCode, grantPermissions, revokePermissions, revokeRoles, useAuthz } from './authz-under-test.js';

const ofGuests = ['blog.post.read'];
const ofUsers = [
  'blog.comment.create',
  'blog.post.create',
  'blog.post.delete',
  'blog.post.publish',
  'blog.post.read',
  'blog.post.update',
  'identity.member.read',
];

describe('myPermissions', () => {
  const authz = useAuthz();

  it('are the guest role’s for callers who have not signed in, whatever their token says', async () => {
    const { myPermissions } = await authz.harness.asAnonymous(['identity.user.delete']).data('{ myPermissions }');
    expect(myPermissions).toEqual(ofGuests);
  });

  it('are the user role’s for a newcomer', async () => {
    expect(await authz.permissionsOf(await authz.registered())).toEqual(ofUsers);
  });

  it('are every code for an administrator', async () => {
    const userId = await authz.registered();
    await authz.services().assignments.ensureAdministrator(userId);
    expect(await authz.permissionsOf(userId)).toEqual(everyCode);
  });

  it('are of all roles together, each code once', async () => {
    const userId = await authz.registered();
    const [one, two] = [
      await authz.newRole(['audit.entry.read', 'blog.post.read']),
      await authz.newRole(['audit.entry.read']),
    ];
    await authz.assign(userId, one.id, two.id);
    expect(await authz.permissionsOf(userId)).toEqual(['audit.entry.read', ...ofUsers]);
  });

  it('are those of guests for a user without a role', async () => {
    const userId = await authz.registered();
    await authz.admin().data(revokeRoles, { userId, roleIds: [(await authz.role('user')).id] });
    expect(await authz.permissionsOf(userId)).toEqual(ofGuests);
  });

  it('are a service’s own', async () => {
    const { myPermissions } = await authz.harness.asService('audit', ['audit.entry.record']).data('{ myPermissions }');
    expect(myPermissions).toEqual(['audit.entry.record']);
  });

  it('follow a grant and its revocation at once', async () => {
    const userId = await authz.registered();
    const guest = (await authz.role('guest')).id;
    const role = await authz.newRole();
    await authz.assign(userId, role.id);

    for (const roleId of [role.id, guest]) {
      await authz.admin().data(grantPermissions, { roleId, permissions: ['authz.role.read'] });
    }
    expect(await authz.permissionsOf(userId)).toContain('authz.role.read');
    expect((await authz.harness.asAnonymous().data('{ myPermissions }')).myPermissions).toContain('authz.role.read');

    for (const roleId of [role.id, guest]) {
      await authz.admin().data(revokePermissions, { roleId, permissions: ['authz.role.read'] });
    }
    expect(await authz.permissionsOf(userId)).toEqual(ofUsers);
    expect((await authz.harness.asAnonymous().data('{ myPermissions }')).myPermissions).toEqual(ofGuests);
  });

  it('take one statement', async () => {
    const userId = await authz.registered();
    expect(await authz.statements(() => authz.permissionsOf(userId))).toBe(1);
    expect(await authz.statements(() => authz.harness.asAnonymous().data('{ myPermissions }'))).toBe(1);
  });

  it('of somebody new are those of a newcomer', async () => {
    expect(await authz.permissionsOf(randomUUID())).toEqual(ofUsers);
  });
});
