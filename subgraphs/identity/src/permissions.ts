import { type AccessRules, authenticated, everyone, permission, services } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, actsOnSelf, actsOnUser, type Targets } from '@platform/subgraph-server/subgraph';

/** Who may ask for what; anything that is not named here is refused. Users' private fields hide themselves (UserView). */
export const access: AccessRules = {
  Query: {
    me: everyone,
    user: permission('identity.user.read'),
    userByEmail: permission('identity.user.read'),
    users: permission('identity.user.read'),
    sessions: authenticated,
    signingKeys: services,
    accountStates: services,
  },
  Mutation: {
    register: everyone,
    verifyEmail: everyone,
    resendVerificationEmail: everyone,
    login: everyone,
    refreshToken: everyone,
    logout: everyone,
    requestPasswordReset: everyone,
    resetPassword: everyone,

    changePassword: authenticated,
    updateProfile: authenticated,
    deleteAccount: authenticated,
    revokeSession: authenticated,
    revokeOtherSessions: authenticated,

    createUser: permission('identity.user.create'),
    updateUser: permission('identity.user.update'),
    lockUser: permission('identity.user.update'),
    unlockUser: permission('identity.user.update'),
    deleteUser: permission('identity.user.delete'),
    revokeUserSessions: permission('identity.session.revoke'),
  },
  User: everyone,
  UserConnection: permission('identity.user.read'),
  UserEdge: permission('identity.user.read'),
  RegisterPayload: everyone,
  AuthPayload: everyone,
  Session: authenticated,
  AccountState: services,
};

/** On whom each mutation acts. Whoever sends a token or a password by mail or form acts on its owner: themself. */
export const targets: Targets = {
  register: actsOnSelf,
  verifyEmail: actsOnSelf,
  resendVerificationEmail: actsOnSelf,
  login: actsOnSelf,
  refreshToken: actsOnSelf,
  logout: actsOnSelf,
  requestPasswordReset: actsOnSelf,
  resetPassword: actsOnSelf,
  changePassword: actsOnSelf,
  updateProfile: actsOnSelf,
  deleteAccount: actsOnSelf,
  revokeSession: actsOnSelf,
  revokeOtherSessions: actsOnSelf,

  createUser: actsOnNoUser,
  updateUser: actsOnUser('id'),
  lockUser: actsOnUser('id'),
  unlockUser: actsOnUser('id'),
  deleteUser: actsOnUser('id'),
  revokeUserSessions: actsOnUser('userId'),
};

export const repeatable = {
  login: 'it answers tokens, and a second session takes nothing away',
  refreshToken: 'it answers tokens, and a token that is presented again soon is answered by itself',
  changePassword: 'it answers tokens, and asks for the old password',
};
