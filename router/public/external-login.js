import { send } from './graphql.js';

const KEY = 'platform.external-login';
const OPTIONS = 'query LoginOptions { loginOptions { providers { id displayName } } }';
const BEGIN =
  'mutation BeginExternalLogin($input: BeginExternalLoginInput!) { beginExternalLogin(input: $input) { url } }';
const COMPLETE = `mutation CompleteExternalLogin($input: CompleteExternalLoginInput!) {
  completeExternalLogin(input: $input) {
    ... on AuthPayload { accessToken refreshToken user { displayName email } }
  }
}`;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** The providers that people can sign in at. */
export async function providers() {
  const { body } = await send({ query: OPTIONS });
  return body.data?.loginOptions?.providers ?? [];
}

/** Sends the browser to the provider. The verifier stays in this tab: the code of the way back is of no use without it. Answers a body with errors, or nothing. */
export async function begin(provider, returnTo) {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const input = { provider, returnTo, codeChallenge: base64url(new Uint8Array(digest)) };
  const { body } = await send({ query: BEGIN, variables: { input } });
  if (body.errors) return body;
  sessionStorage.setItem(KEY, verifier);
  location.assign(body.data.beginExternalLogin.url);
}

/** Exchanges the code for a session, once. Answers the response's body. */
export async function complete(code) {
  const codeVerifier = sessionStorage.getItem(KEY) ?? '';
  sessionStorage.removeItem(KEY);
  const { body } = await send({ query: COMPLETE, variables: { input: { code, codeVerifier } } });
  return body;
}
