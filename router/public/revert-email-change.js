import { runLinkForm } from './link-form.js';

runLinkForm({
  read: (token) => ({
    query: 'mutation RevertEmailChange($token: String!) { revertEmailChange(token: $token) }',
    variables: { token },
  }),
  done: 'Your account has its old address again. You are mailed a link to choose a new password.',
});
