import { randomUUID } from 'node:crypto';
import type { SubgraphClient } from '@platform/testkit';
import { claimsOf, PASSWORD, type SignedIn, tokenIn, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';
import * as organizations from './organization-operations.js';

const INVITER = ['identity.invitation.create', 'identity.invitation.read', 'identity.invitation.revoke'];
const WEEK = 7 * 86_400_000;

describe('an invitation', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi'] });
  let ada: SignedIn;
  let organization: { id: string; name: string };
  let inviter: SubgraphClient;

  beforeEach(async () => {
    ada = await identity.signedIn({ firstName: 'Ada' });
    const input = { name: `Acme ${randomUUID().slice(0, 8)}` };
    organization = (await ada.client.data(organizations.createOrganization, { input })).createOrganization;
    inviter = identity.in(organization.id, ada, INVITER);
  });

  const invited = async (email = `${randomUUID()}@example.com`, roleIds: string[] = []) =>
    (await inviter.data(organizations.inviteMember, { input: { email, roleIds } })).inviteMember;
  const linkOf = async (email: string, count = 1) => tokenIn(await identity.mail(email, 'Join Acme', count));
  const codeOf = async (client: SubgraphClient, operation: string, variables: object) =>
    (await client.error(operation, variables as never)).extensions.code;

  it('names nobody whose name would be a link in the mail', async () => {
    await ada.client.data(operations.updateProfile, { input: { username: 'evil.example', firstName: null } });
    const { email } = await invited();
    expect((await identity.mail(email, 'Join Acme')).text).toContain('You are invited to join');
  });

  it('mails a link that names the organization and who invites', async () => {
    const { email, status, expiresAt, createdAt } = await invited();
    expect(status).toBe('PENDING');
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(WEEK);
    const mail = await identity.mail(email, 'Join Acme');
    expect(mail.text).toContain(`Ada invites you to join ${organization.name}`);
    const preview = { token: tokenIn(mail) };
    expect((await identity.guest().data(organizations.invitationPreview, preview)).invitationPreview).toEqual({
      organizationName: organization.name,
      inviterName: 'Ada',
      email,
      roleNames: ['editor'],
      status: 'PENDING',
      expiresAt,
      hasAccount: false,
    });
    expect(JSON.stringify(await identity.harness.outbox())).not.toContain(tokenIn(mail));
  });

  it('gives a newcomer an account, a membership and a session at once', async () => {
    const { email, id } = await invited();
    const token = await linkOf(email);
    const input = { token, password: PASSWORD, firstName: 'Bob' };
    const { registerWithInvitation } = await identity.guest().data(organizations.registerWithInvitation, { input });
    expect(registerWithInvitation).toMatchObject({
      user: { email, emailVerified: true },
      organization: { id: organization.id },
    });
    expect(claimsOf(registerWithInvitation.accessToken)['tenant_id']).toBe(organization.id);
    expect((await inviter.data(organizations.invitationById, { id })).invitation.status).toBe('ACCEPTED');
    expect(await codeOf(identity.guest(), organizations.registerWithInvitation, { input })).toBe('INVALID_TOKEN');
    await identity.login(email);
  });

  it('takes over an address that somebody has registered and not verified', async () => {
    const email = `${randomUUID()}@example.com`;
    await identity.guest().data(operations.register, { input: { email, password: 'a stranger chose this one' } });
    const stranger = tokenIn(await identity.mail(email, 'Verify'));
    await invited(email);
    const input = { token: await linkOf(email), password: PASSWORD };
    await identity.guest().data(organizations.registerWithInvitation, { input });
    expect(await codeOf(identity.guest(), operations.verifyEmail, { token: stranger })).toBe('INVALID_TOKEN');
    const stolen = { input: { email, password: 'a stranger chose this one' } };
    expect(await codeOf(identity.guest(), operations.login, stolen)).toBe('INVALID_CREDENTIALS');
    await identity.login(email);
  });

  it.each(['id', 'token'] as const)('is accepted by its %s by the owner of the address', async (by) => {
    const bob = await identity.signedIn();
    const { id } = await invited(bob.email);
    const token = await linkOf(bob.email);
    expect((await bob.client.data(organizations.myInvitations)).myInvitations).toEqual([
      expect.objectContaining({ id, organization: { id: organization.id, name: organization.name, status: null } }),
    ]);
    expect((await identity.guest().data(organizations.invitationPreview, { token })).invitationPreview.hasAccount).toBe(
      true,
    );
    const registration = { input: { token, password: PASSWORD } };
    expect(await codeOf(identity.guest(), organizations.registerWithInvitation, registration)).toBe('ACCOUNT_EXISTS');

    const input = by === 'id' ? { id } : { token };
    const { acceptInvitation } = await bob.client.data(organizations.acceptInvitation, { input });

    expect(acceptInvitation).toMatchObject({
      status: 'ACTIVE',
      organization: { id: organization.id },
      user: { id: bob.id },
    });
    await bob.client.data(organizations.switchOrganization, { id: organization.id });
    const again = await codeOf(bob.client, organizations.acceptInvitation, { input });
    expect(again).toBe(by === 'id' ? 'INVITATION_CLOSED' : 'INVALID_TOKEN');
    expect(await codeOf(inviter, organizations.inviteMember, { input: { email: bob.email } })).toBe('ALREADY_MEMBER');
  });

  it('is of no use to others', async () => {
    const bob = await identity.signedIn();
    const eve = await identity.signedIn();
    const { id } = await invited(bob.email);
    const token = await linkOf(bob.email);
    for (const operation of [organizations.acceptInvitation, organizations.declineInvitation]) {
      expect(await codeOf(eve.client, operation, { input: { id } })).toBe('INVITATION_NOT_FOUND');
      expect((await eve.client.error(operation, { input: { token } })).extensions).toMatchObject({
        code: 'INVITATION_EMAIL_MISMATCH',
        email: bob.email,
      });
      expect(await codeOf(eve.client, operation, { input: {} })).toBe('BAD_USER_INPUT');
      expect(await codeOf(eve.client, operation, { input: { id, token } })).toBe('BAD_USER_INPUT');
      expect(await codeOf(eve.client, operation, { input: { token: 'guess' } })).toBe('INVALID_TOKEN');
    }
    expect((await eve.client.data(organizations.myInvitations)).myInvitations).toEqual([]);
  });

  it('is declined', async () => {
    const bob = await identity.signedIn();
    const { id } = await invited(bob.email);
    await bob.client.data(organizations.declineInvitation, { input: { id } });
    expect((await inviter.data(organizations.invitationById, { id })).invitation.status).toBe('DECLINED');
    expect((await bob.client.data(organizations.myInvitations)).myInvitations).toEqual([]);
  });

  it('is replaced by another of the same address, and its link with it', async () => {
    const { email, id } = await invited();
    const old = await linkOf(email);
    expect(await codeOf(inviter, organizations.inviteMember, { input: { email } })).toBe('RATE_LIMITED');
    identity.harness.clock.advance(60_001);
    const again = await invited(email.toUpperCase());
    expect(again.email).toBe(email);
    const token = await linkOf(email, 2);
    expect((await inviter.data(organizations.invitationById, { id })).invitation.status).toBe('REVOKED');
    const preview = await identity.guest().data(organizations.invitationPreview, { token: old });
    expect(preview.invitationPreview.status).toBe('REVOKED');
    const registration = { token: old, password: PASSWORD };
    expect(await codeOf(identity.guest(), organizations.registerWithInvitation, { input: registration })).toBe(
      'INVALID_TOKEN',
    );
    await identity.guest().data(organizations.registerWithInvitation, { input: { token, password: PASSWORD } });
  });

  it('is sent again at most once a minute, by a link that replaces the one before', async () => {
    const { email, id } = await invited();
    const old = await linkOf(email);
    expect(await codeOf(inviter, organizations.resendInvitation, { id })).toBe('RATE_LIMITED');
    identity.harness.clock.advance(60_001);
    await inviter.data(organizations.resendInvitation, { id });
    const token = await linkOf(email, 2);
    expect((await identity.guest().data(organizations.invitationPreview, { token: old })).invitationPreview).toBeNull();
    expect((await identity.guest().data(organizations.invitationPreview, { token })).invitationPreview.status).toBe(
      'PENDING',
    );
  });

  it('expires, and can be sent again', async () => {
    const bob = await identity.signedIn();
    const { id } = await invited(bob.email);
    const token = await linkOf(bob.email);
    identity.harness.clock.advance(WEEK + 1);
    const later = await identity.login(bob.email);
    expect((await identity.guest().data(organizations.invitationPreview, { token })).invitationPreview.status).toBe(
      'EXPIRED',
    );
    expect(await codeOf(later.client, organizations.acceptInvitation, { input: { id } })).toBe('INVITATION_EXPIRED');
    expect(await codeOf(later.client, organizations.acceptInvitation, { input: { token } })).toBe('INVALID_TOKEN');
    const { invitations } = await inviter.data(organizations.invitations, { filter: { status: 'EXPIRED' } });
    expect(invitations.nodes).toEqual([{ id, email: bob.email, status: 'EXPIRED' }]);
    expect((await inviter.data(organizations.resendInvitation, { id })).resendInvitation.status).toBe('PENDING');
    await later.client.data(organizations.acceptInvitation, { input: { token: await linkOf(bob.email, 2) } });
  });

  it('is revoked, and stays so', async () => {
    const bob = await identity.signedIn();
    const { id } = await invited(bob.email);
    const token = await linkOf(bob.email);
    await inviter.data(organizations.revokeInvitation, { id });
    expect(await codeOf(bob.client, organizations.acceptInvitation, { input: { id } })).toBe('INVITATION_CLOSED');
    expect(await codeOf(bob.client, organizations.acceptInvitation, { input: { token } })).toBe('INVALID_TOKEN');
    for (const operation of [organizations.revokeInvitation, organizations.resendInvitation])
      expect(await codeOf(inviter, operation, { id })).toBe('INVITATION_CLOSED');
  });

  it('is unknown in another organization', async () => {
    const { id } = await invited();
    const bob = await identity.signedIn();
    const input = { name: `Other ${randomUUID().slice(0, 8)}` };
    const { createOrganization: own } = await bob.client.data(organizations.createOrganization, { input });
    const elsewhere = identity.in(own.id, bob, INVITER);
    expect((await elsewhere.data(organizations.invitationById, { id })).invitation).toBeNull();
    expect((await elsewhere.data(organizations.invitations, {})).invitations).toEqual({ nodes: [], totalCount: 0 });
    for (const operation of [organizations.revokeInvitation, organizations.resendInvitation])
      expect(await codeOf(elsewhere, operation, { id })).toBe('INVITATION_NOT_FOUND');
  });

  it('ends with its organization', async () => {
    const bob = await identity.signedIn();
    const { id } = await invited(bob.email);
    const administrator = identity.in(organization.id, ada, ['identity.organization.delete']);
    await administrator.data(organizations.deleteOrganization, { id: organization.id });
    expect((await bob.client.data(organizations.myInvitations)).myInvitations).toEqual([]);
    const { extensions } = await bob.client.error(organizations.acceptInvitation, { input: { id } });
    expect(extensions).toMatchObject({ code: 'ORGANIZATION_SUSPENDED', reason: null });
    await bob.client.data(organizations.declineInvitation, { input: { id } });
  });

  it.each([
    [{ email: 'nonsense' }, 'input.email'],
    [{ email: 'a@example.com', roleIds: ['nonsense'] }, 'input.roleIds'],
    [{ email: 'a@example.com', roleIds: Array.from({ length: 21 }, () => randomUUID()) }, 'input.roleIds'],
  ])('of %j is refused', async (input, field) => {
    const error = await inviter.error(organizations.inviteMember, { input });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } });
  });

  it('is one of ten a day to the same address, and of ten that are mailed to it, whoever invites', async () => {
    const email = `${randomUUID()}@example.com`;
    for (let count = 1; count <= 10; count += 1) {
      const { id } = await invited(email);
      await linkOf(email, count);
      await inviter.data(organizations.revokeInvitation, { id });
      expect(await codeOf(inviter, organizations.inviteMember, { input: { email } })).toBe('RATE_LIMITED');
      identity.harness.clock.advance(60_001);
    }
    expect(await codeOf(inviter, organizations.inviteMember, { input: { email } })).toBe('RATE_LIMITED');
    const bob = await identity.signedIn();
    const input = { name: `Other ${randomUUID().slice(0, 8)}` };
    const { createOrganization: other } = await bob.client.data(organizations.createOrganization, { input });
    const elsewhere = identity.in(other.id, bob, INVITER);
    // Who invites learns nothing of the others: the invitation is there, and its mail is held back where there were too many.
    await elsewhere.data(organizations.inviteMember, { input: { email } });
    const later = await identity.signedIn();
    await elsewhere.data(organizations.inviteMember, { input: { email: later.email } });
    await identity.mail(later.email, 'Join Other');
    const mails = identity.harness.mailer.sent.filter(({ to }) => to === email);
    expect(mails.length).toBeLessThanOrEqual(10);
    expect(mails.filter(({ subject }) => subject.includes('Other'))).toEqual([]);
  });

  it('is one of a hundred a day', async () => {
    for (let count = 0; count < 100; count += 1) await invited();
    const error = await inviter.error(organizations.inviteMember, { input: { email: 'one@example.com' } });
    expect(error.extensions.code).toBe('RATE_LIMITED');
  });
});
