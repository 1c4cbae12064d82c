const key =
  'id name prefix scopes createdAt expiresAt lastUsedAt lastUsedIp organization { id } owner { __typename ... on User { id } ... on ServiceAccount { id name } }';
export const createApiKey = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { ${key} } } }`;
export const apiKeys = `{ apiKeys { ${key} } }`;
export const revokeApiKey = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
export const organizationApiKeys = `query ($first: Int, $after: String) {
  organizationApiKeys(first: $first, after: $after) { nodes { ${key} } totalCount pageInfo { hasNextPage endCursor } }
}`;
export const usableApiKey =
  'query ($hash: String!) { usableApiKey(hash: $hash) { id organizationId userId serviceAccountId scopes expiresAt } }';
export const apiKeyUsed =
  'query ($id: ID!, $at: DateTime!, $ipAddress: String) { apiKeyUsed(id: $id, at: $at, ipAddress: $ipAddress) }';

const account =
  'id name description enabled createdAt updatedAt lastUsedAt createdBy { id } keys { id name scopes lastUsedAt }';
export const createServiceAccount = `mutation ($input: CreateServiceAccountInput!) { createServiceAccount(input: $input) { ${account} } }`;
export const updateServiceAccount = `mutation ($id: ID!, $input: UpdateServiceAccountInput!) { updateServiceAccount(id: $id, input: $input) { ${account} } }`;
export const deleteServiceAccount = 'mutation ($id: ID!) { deleteServiceAccount(id: $id) }';
export const createServiceAccountKey = `mutation ($input: CreateServiceAccountKeyInput!) { createServiceAccountKey(input: $input) { secret apiKey { ${key} } } }`;
export const serviceAccount = `query ($id: ID!) { serviceAccount(id: $id) { ${account} } }`;
export const serviceAccounts = `query ($first: Int) { serviceAccounts(first: $first) { nodes { ${account} } totalCount } }`;
