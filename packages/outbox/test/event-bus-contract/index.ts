import { type BusUnderTest, useBus } from './bus-under-test.js';
import { promisesDeliveries } from './deliveries.js';
import { promisesFailures } from './failures.js';
import { promisesInstances } from './instances.js';

export { type BusUnderTest, testEvent } from './bus-under-test.js';

/** What every bus promises, on a real database. */
export function eventBusContract(make: () => BusUnderTest): void {
  const fixtures = useBus(make);
  promisesDeliveries(fixtures);
  promisesFailures(fixtures);
  promisesInstances(fixtures);
}
