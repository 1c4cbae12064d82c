import { type OutboundAnswer, outboundRequest } from '@platform/foundation/outbound';
import { type SignedCheckpoint } from './checkpoint.js';
import { consistencyPath, type StoredTree } from './proofs.js';
import { openNote, readPrintedKey } from './signed-note.js';

/** Of a witness's answer: a cosignature, or a size. */
const LARGEST_ANSWER = 64 * 1024;

/** A witness did not cosign a checkpoint: it is away, or it has seen another history of the log. */
export class NotWitnessed extends Error {
  override readonly name = 'NotWitnessed';
}

/** A witness that cosigns checkpoints over HTTP (C2SP tlog-witness). */
export class WitnessClient {
  private readonly key;

  constructor(
    private readonly config: { readonly url: string; readonly key: string; readonly timeout: number },
    /** The size that the witness has seen last, as far as is known. */
    private seen = 0,
  ) {
    this.key = readPrintedKey(config.key);
  }

  /** The checkpoint's note with the witness's cosignature. @throws NotWitnessed */
  async cosigned(checkpoint: SignedCheckpoint, tree: StoredTree): Promise<string> {
    let answer = await this.submit(checkpoint, tree);
    if (answer.status === 409) {
      this.seen = Number(answer.text);
      if (this.seen > checkpoint.size) throw new NotWitnessed(`The witness has seen ${this.seen} entries of the log`);
      answer = await this.submit(checkpoint, tree);
    }
    if (!answer.ok) throw new NotWitnessed(`The witness answers ${answer.status}: ${answer.text.slice(0, 200)}`);
    const note = checkpoint.note + answer.text;
    openNote(note, this.key);
    this.seen = checkpoint.size;
    return note;
  }

  private async submit(checkpoint: SignedCheckpoint, tree: StoredTree): Promise<OutboundAnswer> {
    const path = await consistencyPath(tree, this.seen, checkpoint.size);
    const proof = path.map((hash) => `${hash.toString('base64')}\n`).join('');
    try {
      return await outboundRequest(`${this.config.url}/add-checkpoint`, {
        method: 'POST',
        body: `old ${this.seen}\n${proof}\n${checkpoint.note}`,
        timeout: this.config.timeout,
        maxBytes: LARGEST_ANSWER,
      });
    } catch (error) {
      throw new NotWitnessed(`The witness cannot be reached: ${(error as Error).message}`);
    }
  }
}
