import { begin, providers } from './external-login.js';
import { codeOf, explain } from './graphql.js';

const element = (id) => document.getElementById(id);

/** Connects the form in the page's bar with the session: sign in, who is signed in, anonymous requests, sign out. */
export function showSession(session) {
  const form = element('sign-in');
  const notice = element('notice');
  const anonymous = element('anonymous');

  const say = (lines) => {
    notice.hidden = lines.length === 0;
    notice.textContent = lines.join('\n');
  };

  const show = () => {
    const signedIn = session.refreshToken !== undefined;
    form.hidden = signedIn;
    element('signed-in').hidden = !signedIn;
    element('who').textContent = session.user?.displayName ?? 'Signed in';
    element('who').title = session.user?.email ?? '';
    anonymous.checked = session.anonymous;
  };

  /** What the code that is asked for answers; undefined while none is. */
  let challenge;
  const ask = (asked) => {
    challenge = asked;
    const { email, password, code } = form.elements;
    for (const input of [email, password]) input.hidden = input.disabled = asked !== undefined;
    code.hidden = code.disabled = asked === undefined;
    code.value = '';
    if (asked !== undefined) code.focus();
  };
  const signIn = () => {
    const { email, password, code } = form.elements;
    return challenge === undefined
      ? session.signIn(email.value.trim(), password.value)
      : session.completeSignIn(challenge, code.value.trim());
  };

  const showProviders = async () => {
    const buttons = (await providers()).map(({ id, displayName }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = displayName;
      button.addEventListener('click', async () => say(explain((await begin(id, location.pathname)) ?? {})));
      return button;
    });
    element('providers').replaceChildren(...buttons);
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say([]);
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const body = await signIn();
      say(explain(body));
      const asked = body.data?.login?.challenge;
      if (asked) ask(asked);
      else if (!body.errors || codeOf(body)?.includes('INVALID_CHALLENGE')) ask(undefined);
      if (!body.errors && !asked) form.reset();
    } catch {
      say(['The server cannot be reached.']);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener('input', () => say([]));
  element('sign-out').addEventListener('click', () => session.signOut());
  anonymous.addEventListener('change', () => {
    session.anonymous = anonymous.checked;
  });
  session.addEventListener('change', ({ detail }) => {
    say(detail.reason ? [detail.reason] : []);
    show();
  });
  show();
  showProviders().catch(() => undefined);

  return { show };
}
