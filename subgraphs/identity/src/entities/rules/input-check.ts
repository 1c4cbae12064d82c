import { BadUserInput } from '@platform/foundation/errors';
import { UnfitText } from '@platform/foundation/text';

/** A value that a rule refuses; the message is a sentence for people. */
export class InvalidValue extends UnfitText {}

/** Collects what is wrong with an input, by path, so that a client hears of all of it at once. */
export class InputCheck {
  private readonly mistakes: Record<string, string> = {};

  constructor(private readonly root = 'input') {}

  /** What the rule makes of one field. Where the rule refuses, the answer is of no use and `finish` throws. */
  field<T>(name: string, rule: () => T): T {
    try {
      return rule();
    } catch (error) {
      if (!(error instanceof UnfitText)) throw error;
      this.mistakes[this.root ? `${this.root}.${name}` : name] = error.message;
      return undefined as T;
    }
  }

  /** @throws BadUserInput when any field was refused. */
  finish(): void {
    if (Object.keys(this.mistakes).length > 0) throw new BadUserInput(this.mistakes);
  }
}
