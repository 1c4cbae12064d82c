/**
 * A failure that whoever runs the platform can mend: a setting, a file, a service that is away. The message says what and how;
 * a stack would only hide it. One subclass per failure.
 */
export class OperatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
