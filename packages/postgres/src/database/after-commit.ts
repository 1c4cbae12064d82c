import type { EntityManager } from 'typeorm';

/** What happens once a transaction has committed. */
export type CommitEffect = () => void | Promise<void>;

/** The effects of one transaction, in their order. */
export interface CommitEffects {
  readonly effects: CommitEffect[];
  /** Whether one of them is more than a hint. */
  essential: boolean;
}

const effectsOf = new WeakMap<EntityManager, CommitEffects>();

/**
 * Registers what must happen once the transaction has committed, and only then. A failing effect fails the caller, whose change stands.
 * @param essential false for a hint: what it leads to happens by itself, a little later.
 */
export function afterCommit(tx: EntityManager, effect: CommitEffect, essential = true): void {
  const collected = effectsOf.get(tx);
  if (!collected) throw new Error('afterCommit needs the entity manager of a Database.transaction');
  collected.effects.push(effect);
  collected.essential ||= essential;
}

/** From here on the transaction takes effects; they are found in what is answered. */
export function collectEffects(tx: EntityManager): Readonly<CommitEffects> {
  const effects: CommitEffects = { effects: [], essential: false };
  effectsOf.set(tx, effects);
  return effects;
}
