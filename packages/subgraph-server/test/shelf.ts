import { Conflict } from '@platform/foundation/errors';
import { everyone, permission, rowLoader, type SubgraphContext } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, defineSubgraph } from '@platform/subgraph-server/subgraph';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';

@ObjectType()
@Directive('@key(fields: "id")')
class Owner {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  name!: string | null;
}

@ObjectType()
@Directive('@key(fields: "id")')
class Book {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  title!: string;

  @Field(() => Int, { nullable: true })
  pages!: number | null;

  @Field(() => String, { nullable: true })
  notes!: string | null;

  @Field(() => Owner, { nullable: true })
  owner!: Owner | null;
}

const ada: Owner = { id: 'o1', name: 'Ada' };
const books = ['One', 'Two', 'Three'].map(
  (title, index): Book => ({ id: `b${index + 1}`, title, pages: (index + 1) * 100, notes: 'private', owner: ada }),
);
const bookById = (id: string): Book | null => books.find((book) => book.id === id) ?? null;

interface Loaders {
  readonly books: ReturnType<typeof rowLoader<Book>>;
}

@Resolver(() => Book)
class BookResolver {
  @Query(() => [Book])
  books(): Book[] {
    return books;
  }

  @Query(() => Book, { nullable: true })
  book(@Arg('id', () => ID) id: string): Book | null {
    return bookById(id);
  }

  @Query(() => String, { nullable: true })
  forgotten(): string {
    return 'no rule names this';
  }

  @Query(() => String, { nullable: true })
  broken(): string {
    throw new Error('relation "shelf" does not exist');
  }

  @Mutation(() => Book, { nullable: true })
  lend(@Arg('id', () => ID) _id: string): Book {
    throw new Conflict('It is lent already.', { field: 'id' });
  }

  @FieldResolver(() => Book, { nullable: true })
  next(@Root() { id }: Book, @Ctx() { loaders }: SubgraphContext<Loaders>): Promise<Book | null> | null {
    const following = books[books.findIndex((book) => book.id === id) + 1];
    return following ? loaders.books.load(following.id) : null;
  }
}

/** A subgraph of three books in the blog's place, and a list of what its loaders have read for whom. */
export function shelf() {
  const reads: { of: string | null; keys: readonly string[] }[] = [];
  const definition = defineSubgraph({
    name: 'blog',
    entities: [],
    sections: {},
    compose: () => ({
      resolvers: [new BookResolver()],
      references: { Book: ({ id }: Book) => bookById(id), Owner: () => ada },
      access: {
        Query: { books: everyone, book: everyone, broken: everyone },
        Mutation: { lend: everyone },
        Book: {
          id: everyone,
          title: everyone,
          next: everyone,
          owner: everyone,
          pages: permission('blog.post.read' as never),
        },
      },
      targets: { lend: actsOnNoUser },
      loaders: ({ userId }) => ({
        books: rowLoader<Book>(
          async (keys) => {
            reads.push({ of: userId, keys });
            return books.filter(({ id }) => keys.includes(id));
          },
          ({ id }) => id,
        ),
      }),
      handlers: [],
    }),
  });
  return { definition, reads };
}
