import { codeOf, send } from './graphql.js';

const KEY = 'platform.session';
const ME = 'query Me { me { displayName email } }';
const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) {
    ... on AuthPayload { accessToken refreshToken user { displayName email } }
    ... on MfaChallenge { challenge methods }
  }
}`;
const COMPLETE = `mutation Complete($input: CompleteMfaInput!) {
  completeMfa(input: $input) { accessToken refreshToken user { displayName email } }
}`;
const REFRESH = 'mutation Refresh($token: String!) { refreshToken(refreshToken: $token) { accessToken refreshToken } }';
const LOGOUT = 'mutation Logout($token: String!) { logout(refreshToken: $token) }';

/** Operations by which a session starts, continues and ends: an expired access token must not stand in their way. */
const aboutSession = /\b(login|completeMfa|loginWithPasskey|refreshToken|logout)\s*\(/;

const sixDigits = /^\d{6}$/;

/** Who is signed in on this page: tokens for as long as the tab lives. Tells of each change by a `change` event. */
export class Session extends EventTarget {
  #kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
  #refreshing = null;

  /** While true, requests go out without the session. */
  anonymous = false;

  get user() {
    return this.#kept?.user ?? null;
  }

  get refreshToken() {
    return this.#kept?.refreshToken;
  }

  /** The response body; its errors, if any, are for the caller to show, and so is a challenge that `completeSignIn` answers. */
  async signIn(email, password) {
    const { body } = await send({ query: LOGIN, variables: { input: { email, password } } });
    if (body.errors) return body;
    if (body.data.login.accessToken) this.#begin(body.data.login);
    return body;
  }

  /** The same for the second step: a code of the authenticator app, or a recovery code. */
  async completeSignIn(challenge, code) {
    const method = sixDigits.test(code) ? 'TOTP' : 'RECOVERY_CODE';
    const { body } = await send({ query: COMPLETE, variables: { input: { challenge, method, code } } });
    if (!body.errors) this.#begin(body.data.completeMfa);
    return body;
  }

  /** Takes the tokens of a session that has begun elsewhere. */
  adopt(payload) {
    this.anonymous = false;
    this.#adopt(payload);
  }

  async signOut() {
    const token = this.refreshToken;
    this.#keep(null);
    await send({ query: LOGOUT, variables: { token } }).catch(() => undefined);
  }

  /** Sends a request of the editor as the person signed in, unless it brings an Authorization header of its own. */
  async send(request, headers = {}) {
    const sentWith = this.#credentials(request, headers);
    let answer = await send(request, { ...headers, ...sentWith });
    if (sentWith && answer.status === 401 && codeOf(answer.body) === 'UNAUTHENTICATED') {
      const renewed = this.#credentials(request, headers)?.authorization !== sentWith.authorization;
      if (renewed || (await this.#refresh())) {
        answer = await send(request, { ...headers, ...this.#credentials(request, headers) });
      }
    }
    await this.#follow(request, answer.body);
    return answer.body;
  }

  /** The request's headers with the session, where it belongs to it. */
  headersFor(request, headers) {
    return { ...headers, ...this.#credentials(request, headers) };
  }

  #credentials({ query }, headers) {
    const own = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
    if (own || !this.#kept || this.anonymous || aboutSession.test(query)) return undefined;
    return { authorization: `Bearer ${this.#kept.accessToken}` };
  }

  /** Once for all requests that wait for it: a second use of the same refresh token would end the session. */
  #refresh() {
    this.#refreshing ??= this.#rotate().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #rotate() {
    const { body } = await send({ query: REFRESH, variables: { token: this.refreshToken } });
    if (body.data?.refreshToken) {
      this.#adopt({ user: this.user, ...body.data.refreshToken });
      return true;
    }
    if (codeOf(body)?.includes('REFRESH_TOKEN')) this.#keep(null, 'Your session has ended. Sign in again.');
    return false;
  }

  /** Keeps in step with sessions that the editor's own operations start, rotate or end. */
  async #follow(request, { data }) {
    const payload = Object.values(data ?? {}).find((value) => value?.accessToken && value.refreshToken);
    if (payload) {
      const isOwn = data.refreshToken ?? data.changePassword ?? data.switchOrganization;
      if (!isOwn) this.anonymous = false;
      this.#adopt({ user: isOwn ? this.user : undefined, ...payload });
      if (!this.user?.displayName) await this.#learnUser();
    }
    if (data?.logout && this.refreshToken && JSON.stringify(request).includes(this.refreshToken)) this.#keep(null);
  }

  async #learnUser() {
    const { body } = await send({ query: ME }, { authorization: `Bearer ${this.#kept.accessToken}` });
    if (body.data?.me) this.#adopt({ ...this.#kept, user: body.data.me });
  }

  #begin(payload) {
    this.anonymous = false;
    this.#adopt(payload);
  }

  #adopt({ accessToken, refreshToken, user }) {
    this.#keep({ accessToken, refreshToken, user });
  }

  #keep(kept, reason) {
    this.#kept = kept;
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
    this.dispatchEvent(new CustomEvent('change', { detail: { reason } }));
  }
}
