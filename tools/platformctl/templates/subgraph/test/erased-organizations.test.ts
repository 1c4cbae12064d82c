import { randomUUID } from 'node:crypto';
import { organizationErased } from '@platform/contracts';
import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';
import { PRODUCT } from './operations.js';
import { guest, productOf, user } from './people.js';

describe('an organization that is erased', () => {
  const harness = useSubgraph(shop);
  const erase = (organizationId: string) =>
    harness.deliver(organizationErased, {
      subject: organizationId,
      tenantid: organizationId,
      data: { organizationId },
    });

  it('takes its products along, and those of no other', async () => {
    const { id } = await productOf(user(harness));
    await erase(randomUUID());
    expect((await guest(harness).data(PRODUCT, { id })).product.id).toBe(id);
    await erase(harness.tenantId);
    expect((await guest(harness).data(PRODUCT, { id })).product).toBeNull();
  });
});
