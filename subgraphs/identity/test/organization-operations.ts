const organization = 'id name slug status default suspensionReason deletesAt createdAt updatedAt';
export const createOrganization = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { ${organization} } }`;
export const updateOrganization = `mutation ($id: ID!, $input: UpdateOrganizationInput!) { updateOrganization(id: $id, input: $input) { ${organization} } }`;
export const deleteOrganization = `mutation ($id: ID!) { deleteOrganization(id: $id) { ${organization} } }`;
export const restoreOrganization = `mutation ($id: ID!) { restoreOrganization(id: $id) { ${organization} } }`;
export const suspendOrganization = `mutation ($id: ID!, $reason: String!) { suspendOrganization(id: $id, reason: $reason) { ${organization} } }`;
export const reactivateOrganization = `mutation ($id: ID!) { reactivateOrganization(id: $id) { ${organization} } }`;
export const organizationById = `query ($id: ID!) { organization(id: $id) { ${organization} } }`;
export const activeOrganization = `{ activeOrganization { ${organization} } }`;
export const organizations = `query ($filter: OrganizationFilter, $first: Int) { organizations(filter: $filter, first: $first) { nodes { id slug } totalCount } }`;
export const members = `query ($id: ID!, $filter: MemberFilter, $first: Int, $after: String) {
  organization(id: $id) {
    memberCount
    members(filter: $filter, first: $first, after: $after) {
      nodes { status user { id email } invitedBy { id } lastActiveAt } totalCount pageInfo { hasNextPage endCursor }
    }
  }
}`;
export const myMemberships = '{ me { memberships { id status organization { id slug status } user { id } } } }';
export const switchOrganization =
  'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken refreshToken user { id email username } organization { id } } }';
export const refreshInto =
  'mutation ($refreshToken: String!, $id: ID) { refreshToken(refreshToken: $refreshToken, organizationId: $id) { accessToken refreshToken user { id email username } organization { id } } }';
export const leaveOrganization = 'mutation ($id: ID!) { leaveOrganization(id: $id) }';
export const suspendMember =
  'mutation ($userId: ID!, $reason: String!) { suspendMember(userId: $userId, reason: $reason) { status } }';
export const reactivateMember = 'mutation ($userId: ID!) { reactivateMember(userId: $userId) { status } }';
export const removeMember = 'mutation ($userId: ID!) { removeMember(userId: $userId) }';

const invitation =
  'id email status roles { id } createdAt sentAt expiresAt closedAt organization { id name status } invitedBy { id }';
export const inviteMember = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ${invitation} } }`;
export const resendInvitation = `mutation ($id: ID!) { resendInvitation(id: $id) { ${invitation} } }`;
export const revokeInvitation = `mutation ($id: ID!) { revokeInvitation(id: $id) { ${invitation} } }`;
export const invitationById = `query ($id: ID!) { invitation(id: $id) { ${invitation} } }`;
export const invitations = `query ($filter: InvitationFilter) { invitations(filter: $filter) { nodes { id email status } totalCount } }`;
export const myInvitations = `{ myInvitations { ${invitation} } }`;
export const invitationPreview =
  'query ($token: String!) { invitationPreview(token: $token) { organizationName inviterName email roleNames status expiresAt hasAccount } }';
export const acceptInvitation =
  'mutation ($input: InvitationAnswerInput!) { acceptInvitation(input: $input) { id status organization { id } user { id } } }';
export const declineInvitation = 'mutation ($input: InvitationAnswerInput!) { declineInvitation(input: $input) }';
export const registerWithInvitation =
  'mutation ($input: RegisterWithInvitationInput!) { registerWithInvitation(input: $input) { accessToken refreshToken user { id email username emailVerified } organization { id } } }';

/** Whether a session's user may act in an organization, as the router asks. */
export const actsIn = `query ($representations: [_Any!]!, $id: ID!) {
  _entities(representations: $representations) { ... on Session { actsIn(organizationId: $id) } }
}`;
export const organizationNamed = 'query ($name: String!) { organizationNamed(name: $name) }';
