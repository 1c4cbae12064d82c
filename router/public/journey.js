const tokenIn = (link) => new URL(link).searchParams.get('token');

/** What earlier steps have brought forth, so that later examples come with the right ids and tokens. Lives with the page. */
export class Journey extends EventTarget {
  email = `ada.${Date.now().toString(36)}@example.com`;
  password = 'correct horse battery staple';
  postId = '';
  userRoleId = '';
  done = new Set();

  /** Learns from an operation that was run: who registered, which post was made, which step is done. */
  learn(example, { variables = {} }, { data, errors }) {
    if (variables.input?.email) this.email = variables.input.email;
    if (variables.input?.password) this.password = variables.input.password;
    this.postId = data?.createPost?.id ?? this.postId;
    this.userRoleId = data?.roles?.nodes?.find(({ name }) => name === 'user')?.id ?? this.userRoleId;
    if (example && data && !errors) this.done.add(example);
    this.dispatchEvent(new Event('change'));
  }

  /** The token of the newest verification mail to the person who registered; empty when there is none. */
  async verificationToken() {
    const response = await fetch(new URL(`../mailbox.json?to=${encodeURIComponent(this.email)}`, import.meta.url));
    const mails = response.ok ? await response.json() : [];
    const link = mails.flatMap(({ links }) => links).find((candidate) => candidate.includes('/verify-email?'));
    return link ? tokenIn(link) : '';
  }
}
