import type { Caller } from '@platform/auth';
import { productCreated, productDeleted, productUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, unlessDeleted, updateLocked } from '@platform/postgres/database';
import { checkedInput } from '@platform/subgraph-server/graphql';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { editableBy, Product, ProductNotFound } from '../entities/index.js';
import { newProduct, productChange } from './product.input.js';

/** Every change to a product. The change and its event commit together, or not at all. */
export class ProductService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws BadUserInput */
  async create(owner: Caller, input: unknown): Promise<Product> {
    const content = checkedInput(newProduct, input);
    return this.database.transaction(async (tx) => {
      const ownerId = await unlessDeleted(tx, owner.userId);
      const product = Product.create({ tenantId: owner.tenantId, ownerId }, content, this.clock.now());
      await tx.insert(Product, product);
      await this.outbox.add(tx, productCreated, about(product));
      return product;
    });
  }

  /** A change after which all is as before is none, and is not announced. @throws BadUserInput, ProductNotFound, StaleVersion */
  async update(editor: Caller, id: string, input: unknown): Promise<Product> {
    const { version, changes } = checkedInput(productChange, input);
    return this.database.transaction(async (tx) => {
      const product = await findForUpdate(tx, editableBy(editor), id);
      const different = await updateLocked(tx, product, () => product.update(changes, version, this.clock.now()));
      if (different) await this.outbox.add(tx, productUpdated, about(product));
      return product;
    });
  }

  /** @throws ProductNotFound */
  delete(editor: Caller, id: string): Promise<true> {
    return this.database.transaction<true>(async (tx) => {
      const product = await findForUpdate(tx, editableBy(editor), id);
      await this.outbox.add(tx, productDeleted, about(product));
      await tx.delete(Product, { id });
      return true;
    });
  }

  /** Takes the owner's name off every product of theirs. */
  async anonymiseOwner(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(Product, { ownerId: userId }, { ownerId: null, version: () => 'version + 1' });
  }
}

/** The product, locked until the transaction ends, so that versions are compared one after the other. @throws ProductNotFound */
async function findForUpdate(tx: EntityManager, among: FindOptionsWhere<Product>, id: string): Promise<Product> {
  const where = { ...among, id };
  const product = isUuid(id) ? await tx.findOne(Product, { where, lock: { mode: 'pessimistic_write' } }) : null;
  if (!product) throw new ProductNotFound();
  return product;
}

/** What an event says of a product. */
const about = ({ id, ownerId }: Product) => ({ subject: id, data: { productId: id, ownerId } });
