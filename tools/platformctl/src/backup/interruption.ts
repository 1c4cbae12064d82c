import { OperatorError } from '@platform/foundation/errors';

/** Somebody pressed Ctrl-C, or the machine is going down. */
export class Interrupted extends OperatorError {
  constructor() {
    super('Restoring was interrupted; everything is as it was.');
  }
}

/** Lets `work` end in its own way when a signal asks the process to: it is told by the signal it gets, whose reason is to be thrown. */
export async function whileInterruptible<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted());
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
