import { explain, send } from './graphql.js';

const element = (id) => document.getElementById(id);

/**
 * The form behind a mail link. The token leaves the address bar and the history at once.
 * `read` gives the operation, or a sentence that says what is missing; `done` is what to say when it has worked. Answers the token.
 */
export function runLinkForm({ read, done }) {
  const token = new URLSearchParams(location.search).get('token');
  const form = element('form');
  const result = element('result');
  history.replaceState(null, '', location.pathname);
  element('no-token').hidden = Boolean(token);
  form.hidden = !token;

  const say = (lines, outcome) => {
    result.className = `result ${outcome}`;
    result.textContent = lines.join('\n');
  };

  const submit = async () => {
    const operation = read(token, form);
    if (typeof operation === 'string') return say([operation], 'failure');
    const { body } = await send(operation);
    if (body.errors) return say(explain(body), 'failure');
    form.hidden = true;
    say([done], 'success');
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    await submit().catch(() => say(['The server cannot be reached. Try again.'], 'failure'));
    button.disabled = false;
  });
  return token;
}
