import { type DataObject, isDataObject } from '../base/data.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import { freshMemo, type Memo } from '../projection/serialization-run.js';
import { clone } from './clone.js';
import type { Merger } from './merge.js';

/** The one tree that all fetches of an execution merge their answers into. */
export class SharedData {
  readonly root: DataObject = {};
  /** Values that stand in several places of it. */
  readonly repeated = new Map<object, Memo>();

  constructor(
    private readonly merger: Merger,
    private readonly plan: CompiledPlan,
  ) {}

  merge(target: DataObject, source: DataObject): void {
    this.merger.into(target, this.plan.sharesResults ? source : clone(source));
  }

  /** Whether an entity says that it is of another type than the object that waits for it; both may be an interface object of the other. */
  validateEntityType(object: DataObject, entity: DataObject): string | undefined {
    const answered = entity['__typename'];
    if (answered === undefined || answered === object['__typename']) return undefined;
    const fits = typeof answered === 'string' && !this.merger.areDifferent(object['__typename'], answered);
    return fits ? undefined : 'an entity of another type';
  }

  /** The entities are going to stand in more than one place each. */
  noteRepeated(entities: readonly unknown[]): void {
    for (const entity of entities) {
      if (!isDataObject(entity)) continue;
      for (const key in entity) {
        const value = entity[key];
        if (typeof value === 'object' && value !== null) this.repeated.set(value, freshMemo());
      }
    }
  }
}
