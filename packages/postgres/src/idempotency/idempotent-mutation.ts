import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';
import { type IdempotentRequest, stepOf } from './idempotent-request.js';
import { claimStep, recordStep, settleStep } from './recorded-steps.js';

interface Once<T> {
  readonly result: T;
  /** Notes that what follows the commit has happened; undefined where nothing was left to be noted. */
  readonly settle: ((manager: EntityManager) => Promise<void>) | undefined;
  /** Whether an earlier request with the key has committed, and nobody knows whether what follows did happen. */
  readonly unsettled: boolean;
}

/** A mutation field that runs under an idempotency key: each of its transactions commits once, however often the field runs. */
export class IdempotentMutation {
  private committed = 0;

  constructor(
    private readonly request: IdempotentRequest,
    /** The field's name in the response. */
    private readonly field: string,
  ) {}

  /**
   * Does the work, or answers what it came to when an earlier request did it. @param essential whether something follows the commit
   * without which the change does not count.
   */
  async once<T>(tx: EntityManager, work: () => Promise<T>, essential: () => boolean): Promise<Once<T>> {
    const { request } = this;
    const step = stepOf(this.field, this.committed);
    const settle = (manager: EntityManager) => settleStep(manager, request, step);
    const earlier = await claimStep(tx, request, step);
    if (earlier) {
      request.replayed = true;
      return { result: earlier.result as T, unsettled: !earlier.settled, settle: earlier.settled ? undefined : settle };
    }
    const result = await outsideMutation(work);
    const settled = !essential();
    await recordStep(tx, request, step, { result, settled });
    return { result, unsettled: false, settle: settled ? undefined : settle };
  }

  /** A UUID that is the same whenever the mutation is sent under its key: what it makes is found again. */
  get madeId(): string {
    const bytes = stepOf(this.request.key.toString('hex'), this.committed).subarray(0, 16);
    return uuidOf(bytes);
  }

  /** The transaction has committed: the next one is another step. */
  advance(): void {
    this.committed += 1;
  }
}

/** Version 8 (RFC 9562): of bytes that mean nothing to others. */
function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex').split('');
  hex[12] = '8';
  hex[16] = (0x8 | (Number.parseInt(hex[16] as string, 16) & 0x3)).toString(16);
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const running = new AsyncLocalStorage<IdempotentMutation | undefined>();

/** Runs the resolver of a mutation field under its key. */
export const runMutation = <T>(mutation: IdempotentMutation, resolve: () => T): T => running.run(mutation, resolve);

/** The mutation that the running code is part of. */
export const currentMutation = (): IdempotentMutation | undefined => running.getStore();

/** Runs what is no part of the mutation any more: calls of other subgraphs in this process, and what goes on by itself. */
export const outsideMutation = <T>(work: () => T): T => running.run(undefined, work);
