const tokens = 'accessToken refreshToken user { id email username } organization { id }';
const challenge = '... on MfaChallenge { challenge methods expiresIn passkeyOptions }';
export const login = `mutation ($input: LoginInput!) { login(input: $input) { __typename ... on AuthPayload { ${tokens} } ${challenge} } }`;
export const completeMfa = `mutation ($input: CompleteMfaInput!) { completeMfa(input: $input) { ${tokens} } }`;
export const mfaStatus =
  '{ me { mfaEnabled } mfaStatus { hasPassword totpEnabled passkeyCount recoveryCodesLeft required } }';
export const enrollTotp = 'mutation { enrollTotp { secret otpauthUri } }';
export const confirmTotp = 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }';
export const disableTotp = 'mutation ($password: String!) { disableTotp(password: $password) }';
export const regenerateRecoveryCodes = 'mutation { regenerateRecoveryCodes { codes } }';
export const resetUserMfa =
  'mutation ($userId: ID!, $reason: String!) { resetUserMfa(userId: $userId, reason: $reason) { id } }';

export const passkeys = '{ passkeys { id name synced createdAt lastUsedAt } }';
export const beginPasskeyRegistration = 'mutation { beginPasskeyRegistration { challenge options expiresIn } }';
export const registerPasskey =
  'mutation ($input: RegisterPasskeyInput!) { registerPasskey(input: $input) { id name synced lastUsedAt } }';
export const renamePasskey = 'mutation ($id: ID!, $name: String!) { renamePasskey(id: $id, name: $name) { id name } }';
export const deletePasskey = 'mutation ($id: ID!) { deletePasskey(id: $id) }';
export const beginPasskeyLogin = 'mutation { beginPasskeyLogin { challenge options expiresIn } }';
export const loginWithPasskey = `mutation ($input: LoginWithPasskeyInput!) { loginWithPasskey(input: $input) { ${tokens} } }`;

export const beginReauthentication =
  'mutation { beginReauthentication { challenge methods passkeyOptions expiresIn } }';
export const reauthenticate =
  'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { id methods authenticatedAt } }';
