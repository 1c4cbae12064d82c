import { explain, send } from './graphql.js';
import { runLinkForm } from './link-form.js';

const preview = `query InvitationPreview($token: String!) {
  invitationPreview(token: $token) { organizationName inviterName email status hasAccount }
}`;
const register = `mutation RegisterWithInvitation($input: RegisterWithInvitationInput!) {
  registerWithInvitation(input: $input) { organization { name } }
}`;

const STATES = {
  ACCEPTED: 'This invitation was accepted already.',
  DECLINED: 'This invitation was declined.',
  REVOKED: 'This invitation was taken back.',
  EXPIRED: 'This invitation is too old. Ask for another.',
};

const element = (id) => document.getElementById(id);

/** What the page says of the invitation, and whether its reader needs an account. */
async function show(token) {
  const { body } = await send({ query: preview, variables: { token } });
  const invitation = body.data?.invitationPreview;
  const form = element('form');
  const summary = element('summary');
  if (!invitation) {
    form.hidden = true;
    summary.textContent = body.errors ? explain(body).join('\n') : 'This link is not valid any more. Ask for another.';
    return;
  }
  const { organizationName, inviterName, email, status, hasAccount } = invitation;
  const who = inviterName ? `${inviterName} invites` : 'You are invited:';
  summary.textContent = STATES[status] ?? `${who} ${email} to join ${organizationName}.`;
  form.hidden = status !== 'PENDING' || hasAccount;
  element('sign-in').hidden = status !== 'PENDING' || !hasAccount;
}

const token = runLinkForm({
  read: (secret, { elements: { password } }) => ({
    query: register,
    variables: { input: { token: secret, password: password.value } },
  }),
  done: 'Your account is there, and you belong to the organization. You can sign in now.',
});
if (token) show(token).catch(() => (element('summary').textContent = 'The server cannot be reached. Try again.'));
