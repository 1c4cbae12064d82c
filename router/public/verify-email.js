import { runLinkForm } from './link-form.js';

runLinkForm({
  read: (token) => ({
    query: 'mutation VerifyEmail($token: String!) { verifyEmail(token: $token) }',
    variables: { token },
  }),
  done: 'Your address is verified. You can sign in now.',
});
