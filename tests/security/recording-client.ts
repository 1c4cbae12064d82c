/** An HTTP answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data: any;
  readonly errors: readonly { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
  readonly codes: readonly unknown[];
}

/** Sends requests as an attacker would write them, and remembers every answer, so that a test can look for what none may say. */
export class RecordingClient {
  private constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    readonly answers: string[],
  ) {}

  static of(url: string): RecordingClient {
    return new RecordingClient(`${url}/graphql`, {}, []);
  }

  /** The same attacker with an access token, or any other header. */
  with(headers: Record<string, string>): RecordingClient {
    return new RecordingClient(this.url, { ...this.headers, ...headers }, this.answers);
  }

  ask(query: string, variables?: Record<string, unknown>): Promise<RawAnswer> {
    return this.send(JSON.stringify({ query, variables }));
  }

  /** Posts a body, well-formed or not. */
  async send(body: string): Promise<RawAnswer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...this.headers },
      body,
    });
    const text = await response.text();
    this.answers.push(text);
    const { data, errors = [] } = JSON.parse(text) as RawAnswer;
    return {
      status: response.status,
      headers: response.headers,
      text,
      data,
      errors,
      codes: errors.map(({ extensions }) => extensions.code),
    };
  }

  /** Asks for a stream of events, and reads of it what comes within so many milliseconds. */
  async stream(
    query: string,
    variables: Record<string, unknown>,
    within: number,
  ): Promise<{ status: number; text: string }> {
    const stop = new AbortController();
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...this.headers },
      body: JSON.stringify({ query, variables }),
      signal: stop.signal,
    });
    let text = '';
    const timer = setTimeout(() => stop.abort(), within);
    try {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    clearTimeout(timer);
    return { status: response.status, text };
  }
}
