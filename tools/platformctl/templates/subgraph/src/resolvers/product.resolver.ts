import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import {
  Arg,
  Args,
  Ctx,
  Directive,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { ownerOf, Product, User } from '../entities/index.js';
import type { ShopContext } from '../loaders/index.js';
import type { ProductList, ProductService } from '../services/index.js';
import { CreateProductInput, ProductConnection, ProductFilter, UpdateProductInput } from './types/index.js';

@Resolver(() => Product)
export class ProductResolver {
  constructor(
    private readonly service: ProductService,
    private readonly list: ProductList,
  ) {}

  @Query(() => Product, { nullable: true })
  @Directive(policy('shop.product.read'))
  product(@Arg('id', () => ID) id: string, @Ctx() { loaders }: ShopContext): Promise<Product | null> {
    return loaders.productById.load(id);
  }

  @Query(() => ProductConnection, { nullable: true, description: 'Newest first.' })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('shop.product.read'))
  async products(
    @Arg('filter', () => ProductFilter, { nullable: true }) filter: ProductFilter | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { caller }: ShopContext,
  ): Promise<ProductConnection> {
    return new ProductConnection(await this.list.find(caller, filter ?? {}, page));
  }

  @Mutation(() => Product, { nullable: true })
  @Directive(policy('shop.product.create'))
  createProduct(
    @Arg('input', () => CreateProductInput) input: CreateProductInput,
    @Ctx() { caller }: ShopContext,
  ): Promise<Product> {
    return this.service.create(caller, input);
  }

  @Mutation(() => Product, { nullable: true })
  @Directive(policy('shop.product.update', 'shop.product.manage'))
  updateProduct(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateProductInput) input: UpdateProductInput,
    @Ctx() { caller }: ShopContext,
  ): Promise<Product> {
    return this.service.update(caller, id, input);
  }

  @Mutation(() => Boolean)
  @Directive(policy('shop.product.delete', 'shop.product.manage'))
  deleteProduct(@Arg('id', () => ID) id: string, @Ctx() { caller }: ShopContext): Promise<true> {
    return this.service.delete(caller, id);
  }

  @Subscription(() => Product, {
    subscribe: ({ args, context }) => context.loaders.changedProducts(args.id ?? null),
    description: 'Products as they are created and updated, or one of them.',
  })
  @Directive(policy('shop.product.read'))
  productChanged(@Root() product: Product, @Arg('id', () => ID, { nullable: true }) _id: string | null): Product {
    return product;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Null once the owner has deleted their account.' })
  owner(@Root() product: Product): User | null {
    return ownerOf(product);
  }
}
