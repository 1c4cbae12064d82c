import { runLinkForm } from './link-form.js';

const query = 'mutation ResetPassword($input: ResetPasswordInput!) { resetPassword(input: $input) }';

runLinkForm({
  read: (token, { elements: { password, again } }) => {
    if (password.value !== again.value) return 'The two passwords differ.';
    return { query, variables: { input: { token, newPassword: password.value } } };
  },
  done: 'Your new password is set. You can sign in with it now.',
});
