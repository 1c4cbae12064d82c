import { html } from './html.js';
import { type Page, page } from './page.js';

const session = html`<button type="button" class="quiet" id="toggle-examples" aria-controls="examples">Hide examples</button>
<div class="session" id="session">
<form id="sign-in" aria-label="Sign in">
<input name="email" type="email" placeholder="E-mail" aria-label="E-mail" autocomplete="username" required>
<input name="password" type="password" placeholder="Password" aria-label="Password" autocomplete="current-password" required>
<input name="code" placeholder="Code" aria-label="Code of the authenticator app, or a recovery code" autocomplete="one-time-code" hidden disabled required>
<button class="primary">Sign in</button>
<span class="providers" id="providers"></span>
</form>
<div id="signed-in" hidden>
<label class="switch" title="Sends requests without the session"><input type="checkbox" id="anonymous">Anonymous</label>
<span class="who" id="who"></span>
<button type="button" id="sign-out">Sign out</button>
</div>
<p class="notice" id="notice" role="alert" hidden></p>
</div>`;

/** GraphiQL with a sign-in form and the main journey as examples. Everything it loads comes from this server. */
export function explorerPage(appName: string): Page {
  return page({
    appName,
    title: 'Explorer',
    styles: ['graphiql.css', 'explorer.css'],
    libraries: ['react.js', 'react-dom.js', 'graphiql.js'],
    scripts: ['explorer.js'],
    inlineStyles: true,
    navigation: session,
    main: html`<main class="explorer">
<aside class="examples" id="examples" aria-label="Examples">
<h2>Examples</h2>
<p>From an account to a published post, in order. Ids and tokens are filled in as you go.</p>
</aside>
<div id="editor"><p class="loading">Loading the editor…</p></div>
</main>`,
  });
}
