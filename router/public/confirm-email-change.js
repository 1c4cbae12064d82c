import { runLinkForm } from './link-form.js';

runLinkForm({
  read: (token) => ({
    query: 'mutation ConfirmEmailChange($token: String!) { confirmEmailChange(token: $token) }',
    variables: { token },
  }),
  done: 'This is the address of your account now.',
});
