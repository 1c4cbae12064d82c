/** Runs what has to happen once nothing has been done for `ms`; a timer that keeps no process alive. */
export class IdleTimer {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ms: number,
    private readonly act: () => void,
  ) {}

  /** Nothing is being done from now on. */
  start(): void {
    this.stop();
    this.timer = setTimeout(this.act, this.ms).unref();
  }

  /** Something is being done, or all is over. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
