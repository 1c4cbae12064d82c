export const register = 'mutation ($input: RegisterInput!) { register(input: $input) { accepted } }';
export const verifyEmail = 'mutation ($token: String!) { verifyEmail(token: $token) }';
export const resend = 'mutation ($email: String!) { resendVerificationEmail(email: $email) }';
const payload = `accessToken refreshToken expiresIn tokenType
  user { id username displayName email emailVerified firstName lastName locale status createdAt updatedAt }`;
export const login = `mutation ($input: LoginInput!) { login(input: $input) { __typename ... on AuthPayload { ${payload} } } }`;
export const refresh = `mutation ($refreshToken: String!) { refreshToken(refreshToken: $refreshToken) { ${payload} } }`;
export const logout = 'mutation ($refreshToken: String!) { logout(refreshToken: $refreshToken) }';
export const requestReset = 'mutation ($email: String!) { requestPasswordReset(email: $email) }';
export const resetPassword = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) }';
export const changePassword = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${payload} } }`;
export const updateProfile =
  'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id username displayName firstName lastName locale } }';
export const deleteAccount = 'mutation ($password: String!) { deleteAccount(password: $password) }';
export const sessions = '{ sessions { id current ipAddress userAgent createdAt lastUsedAt expiresAt } }';
export const currentSession = '{ currentSession { id current deviceName methods authenticatedAt createdAt } }';
export const userSessions = 'query ($userId: ID!) { userSessions(userId: $userId) { id current deviceName } }';
export const revokeSession = 'mutation ($id: ID!) { revokeSession(id: $id) }';
export const revokeOtherSessions = 'mutation { revokeOtherSessions }';
export const revokeUserSessions = 'mutation ($userId: ID!) { revokeUserSessions(userId: $userId) }';

const whole = 'id username displayName email emailVerified firstName lastName locale status createdAt updatedAt';
export const me = `{ me { ${whole} } }`;
export const user = `query ($id: ID!) { user(id: $id) { ${whole} } }`;
export const userByEmail = `query ($email: String!) { userByEmail(email: $email) { ${whole} } }`;
export const users = `query ($filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {
  users(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { id username } edges { cursor node { id } } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
export const createUser = `mutation ($input: CreateUserInput!) { createUser(input: $input) { ${whole} } }`;
export const updateUser = `mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { ${whole} } }`;
export const lockUser = `mutation ($id: ID!, $reason: String!) { lockUser(id: $id, reason: $reason) { ${whole} } }`;
export const unlockUser = `mutation ($id: ID!) { unlockUser(id: $id) { ${whole} } }`;
export const deleteUser = 'mutation ($id: ID!) { deleteUser(id: $id) }';

/** Users and sessions by reference, as the router asks for them. */
export const userReferences = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { ${whole} } }
}`;
export const sessionReference = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Session { id expiresAt } }
}`;
export const requestEmailChange = 'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) }';
export const confirmEmailChange = 'mutation ($token: String!) { confirmEmailChange(token: $token) }';
export const revertEmailChange = 'mutation ($token: String!) { revertEmailChange(token: $token) }';
export const pendingEmail = '{ me { id email pendingEmail } }';
