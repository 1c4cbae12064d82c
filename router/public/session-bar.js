import { explain } from './graphql.js';

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

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    say([]);
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const body = await session.signIn(form.elements.email.value.trim(), form.elements.password.value);
      say(explain(body));
      if (!body.errors) form.reset();
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

  return { show };
}
