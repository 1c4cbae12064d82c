/** Ways, by name, that can be closed for a while. */
export class Gate {
  private readonly closed = new Map<string, PromiseWithResolvers<void>>();

  close(name: string): void {
    if (!this.closed.has(name)) this.closed.set(name, Promise.withResolvers<void>());
  }

  open(name: string): void {
    this.closed.get(name)?.resolve();
    this.closed.delete(name);
  }

  isClosed(name: string): boolean {
    return this.closed.has(name);
  }

  /** Resolves when the way is open. */
  async passed(name: string): Promise<void> {
    await this.closed.get(name)?.promise;
  }
}
