import { html } from './html.js';
import { type Page, page } from './page.js';

const noToken = html`<p class="result failure" id="no-token" hidden>This link is incomplete: it has no token. Open it again from the mail.</p>`;

/** What a verification link opens. Only the button uses the token up, so that link scanners and previews cannot. */
export function verifyEmailPage(appName: string): Page {
  return page({
    appName,
    title: 'Verify e-mail',
    scripts: ['verify-email.js'],
    main: html`<main class="card">
<h1>Verify your e-mail address</h1>
<p>Confirm that this address is yours, then you can sign in.</p>
${noToken}
<form id="form" hidden><button class="primary">Verify my address</button></form>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}

/** What the link opens that a new address was mailed. Only the button uses the token up. */
export function confirmEmailChangePage(appName: string): Page {
  return page({
    appName,
    title: 'Confirm e-mail',
    scripts: ['confirm-email-change.js'],
    main: html`<main class="card">
<h1>Confirm your new e-mail address</h1>
<p>From then on you sign in with this address. The old one is told.</p>
${noToken}
<form id="form" hidden><button class="primary">Use this address</button></form>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}

/** What the link opens that the old address was mailed. Only the button uses the token up. */
export function revertEmailChangePage(appName: string): Page {
  return page({
    appName,
    title: 'Take e-mail change back',
    scripts: ['revert-email-change.js'],
    main: html`<main class="card">
<h1>Take the change back</h1>
<p>Your account gets its old address again, every device is signed out, and you are mailed a link to choose a new password.</p>
${noToken}
<form id="form" hidden><button class="primary">Take the change back</button></form>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}

/** Where a browser is sent that comes back from an external provider. It exchanges the code at once: a scanner has no verifier. */
export function authCompletePage(appName: string): Page {
  return page({
    root: '../',
    appName,
    title: 'Signing in',
    scripts: ['auth-complete.js'],
    main: html`<main class="card">
<h1>Signing in</h1>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}

/** What a reset link opens: a form for the new password. */
export function resetPasswordPage(appName: string): Page {
  return page({
    appName,
    title: 'Reset password',
    scripts: ['reset-password.js'],
    main: html`<main class="card">
<h1>Choose a new password</h1>
<p>It replaces the old one, and every device is signed out.</p>
${noToken}
<form id="form" hidden>
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="password-help">
<p class="help" id="password-help">8 to 128 characters. A sentence is good.</p>
<label for="again">New password, once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" required>
<button class="primary">Set password</button>
</form>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}

/** What an invitation link opens: who invites, and for a newcomer a form for the password of their account. */
export function invitationPage(appName: string): Page {
  return page({
    appName,
    title: 'Invitation',
    scripts: ['invitation.js'],
    main: html`<main class="card">
<h1>Join an organization</h1>
${noToken}
<p id="summary" role="status"></p>
<p class="help" id="sign-in" hidden>You have an account: sign in, then send <code>acceptInvitation</code>.</p>
<form id="form" hidden>
<label for="password">Choose a password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="password-help">
<p class="help" id="password-help">8 to 128 characters. A sentence is good.</p>
<button class="primary">Join</button>
</form>
<p class="result" id="result" role="status"></p>
</main>`,
  });
}
