import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { type ObjectTypeDefinitionNode, parse } from 'graphql';

/** The entry that each mutation must leave in the audit log. */
const ACTIONS: Readonly<Record<string, string>> = {
  register: 'platform.user.registered',
  verifyEmail: 'platform.user.email_verified',
  resendVerificationEmail: 'platform.user.verification_requested',
  requestPasswordReset: 'platform.user.password_reset_requested',
  resetPassword: 'platform.user.password_changed',
  login: 'platform.user.logged_in',
  refreshToken: 'platform.session.refreshed',
  logout: 'platform.user.logged_out',
  changePassword: 'platform.user.password_changed',
  updateProfile: 'platform.user.updated',
  deleteAccount: 'platform.user.deleted',
  revokeSession: 'platform.session.revoked',
  revokeOtherSessions: 'platform.session.revoked',
  revokeUserSessions: 'platform.session.revoked',
  createUser: 'platform.user.created',
  updateUser: 'platform.user.updated',
  lockUser: 'platform.user.locked',
  unlockUser: 'platform.user.unlocked',
  deleteUser: 'platform.user.deleted',
  createRole: 'platform.role.created',
  updateRole: 'platform.role.updated',
  deleteRole: 'platform.role.deleted',
  grantPermissions: 'platform.permission.granted',
  revokePermissions: 'platform.permission.revoked',
  assignRoles: 'platform.role.assigned',
  revokeRoles: 'platform.role.revoked',
  createPost: 'blog.post.created',
  updatePost: 'blog.post.updated',
  publishPost: 'blog.post.published',
  archivePost: 'blog.post.archived',
  deletePost: 'blog.post.deleted',
  uploadCoverImage: 'blog.post.cover_requested',
  setCoverImage: 'blog.post.updated',
  removeCoverImage: 'blog.post.updated',
  addComment: 'blog.comment.added',
  deleteComment: 'blog.comment.deleted',
};

/** Mutations of the audit subgraph, which writes to the log itself: they are tried beside it. */
const OF_THE_LOG = ['recordAuditEntry', 'exportAuditEntries'];

const read = (...path: string[]) => readFileSync(join(projectRoot(), ...path), 'utf8');

describe('the audit log', () => {
  const supergraph = parse(read('router', 'supergraph.graphql'));
  const mutation = supergraph.definitions.find(
    (node): node is ObjectTypeDefinitionNode => node.kind === 'ObjectTypeDefinition' && node.name.value === 'Mutation',
  );
  const mutations = mutation?.fields?.map(({ name }) => name.value) ?? [];
  const definitions = Object.values(contracts).flatMap((each) =>
    typeof each === 'object' && 'type' in each ? [each.type] : [],
  );

  it('knows the action of every mutation, and of none that is gone', () => {
    expect(mutations.toSorted()).toEqual([...Object.keys(ACTIONS), ...OF_THE_LOG].toSorted());
  });

  it.each(Object.entries(ACTIONS))('%s leaves %s, an event that its module publishes', (_, action) => {
    expect(definitions).toContain(action);
    const publishers = ['identity', 'authz', 'blog'].filter((name) =>
      new RegExp(`^ +- ${action}$`, 'm').test(read('subgraphs', name, 'module.yaml').split('consumed:')[0] ?? ''),
    );
    expect(publishers).toHaveLength(1);
  });
});
