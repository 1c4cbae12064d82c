import { InProcessBus } from '@platform/events';
import { eventBusContract } from './event-bus-contract/index.js';

describe('InProcessBus', () => {
  eventBusContract(() => {
    const bus = new InProcessBus();
    return { instance: () => ({ bus, begin: async () => {} }), end: async () => {} };
  });
});
