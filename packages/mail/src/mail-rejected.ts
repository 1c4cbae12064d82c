/** The mail server will never take this mail, or it must not be sent at all: trying again is useless. */
export class MailRejected extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`The mail was refused: ${reason}`, options);
    this.name = 'MailRejected';
  }
}
