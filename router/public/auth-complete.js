import { complete } from './external-login.js';
import { explain } from './graphql.js';
import { Session } from './session.js';

const result = document.getElementById('result');
const query = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);

const fail = (lines) => {
  result.className = 'result failure';
  result.textContent = lines.join('\n');
};

/** Only a path of this origin is followed. */
function follow(returnTo) {
  const target = new URL(returnTo ?? '../graphql', location.href);
  location.replace(target.origin === location.origin ? target : new URL('../graphql', location.href));
}

async function finish() {
  const error = query.get('error');
  if (error) return fail([`The sign-in did not succeed: ${error}`]);
  const body = await complete(query.get('code') ?? '');
  if (body.errors) return fail(explain(body));
  new Session().adopt(body.data.completeExternalLogin);
  follow(query.get('returnTo'));
}

finish().catch(() => fail(['The server cannot be reached. Try again.']));
