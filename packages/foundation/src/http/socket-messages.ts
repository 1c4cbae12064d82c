/** What a message may have before the socket is acknowledged, in UTF-16 code units: a token, and what goes with it. */
const MOST_BEFORE_ACK = 4 * 1024;
/** What a message may have that asks for nothing: `ping`, `pong`, `complete`. */
const MOST_UNASKING = 1024;

const ACK = '{"type":"connection_ack"';

/**
 * Reads what one client sends on graphql-transport-ws. What asks for nothing costs next to nothing: no limit counts such messages, so
 * they are refused by their length.
 */
export class SocketMessages {
  private acknowledged = false;

  constructor(private readonly parse: (text: string) => unknown) {}

  /** Told of everything that is sent to the client. */
  sent(text: string): void {
    this.acknowledged ||= text.startsWith(ACK);
  }

  /** The message; the text where it is no JSON; undefined for one that is refused by its length. */
  read(text: string): unknown {
    if (!this.acknowledged && text.length > MOST_BEFORE_ACK) return undefined;
    const message = this.json(text);
    if (!this.acknowledged || text.length <= MOST_UNASKING) return message;
    const { type } = (typeof message === 'object' && message !== null ? message : {}) as { readonly type?: unknown };
    return type === 'subscribe' ? message : undefined;
  }

  private json(text: string): unknown {
    try {
      return this.parse(text);
    } catch {
      return text;
    }
  }
}
