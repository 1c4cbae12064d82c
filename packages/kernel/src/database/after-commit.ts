import type { EntityManager } from 'typeorm';

/** What happens once a transaction has committed. */
export type CommitEffect = () => void | Promise<void>;

const effectsOf = new WeakMap<EntityManager, CommitEffect[]>();

/** Registers what must happen once the transaction has committed, and only then. A failing effect fails the caller, whose change stands. */
export function afterCommit(tx: EntityManager, effect: CommitEffect): void {
  const effects = effectsOf.get(tx);
  if (!effects) throw new Error('afterCommit needs the entity manager of a Database.transaction');
  effects.push(effect);
}

/** From here on the transaction takes effects; they are found in the answered list. */
export function collectEffects(tx: EntityManager): readonly CommitEffect[] {
  const effects: CommitEffect[] = [];
  effectsOf.set(tx, effects);
  return effects;
}
