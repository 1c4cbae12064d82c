import type { SubgraphSdl } from './schemas.js';

/**
 * Types that exclude each other around the same entities, lists of lists of them, interfaces that interface objects stand
 * for, query types with names of their own, also beside other types.
 */
export const views: readonly SubgraphSdl[] = [
  {
    name: 'pages',
    typeDefs: `
      schema { query: PagesQuery }
      type PagesQuery implements Viewed { page: Page pages: [Page!] grid: [[Cell!]] view: View items: [Item!] nodes: [Node] things: [Thing] viewed: [Viewed] }
      interface Viewed { view: View }
      interface Node { id: ID! }
      interface Named { name: String }
      interface View { post: Post posts: [Post!] author: Person }
      type Compact implements View { post: Post posts: [Post!] author: Person size: Int story: Post query: PagesQuery }
      type Full implements View { post: Post posts: [Post!] author: Person deep: View story: Post }
      type Wide implements View { post: Post! posts: [Post!] author: Person grid: [[View]] query: PagesQuery }
      union Cell = Compact | Full | Post
      union Thing = Book | Disc | Page
      type Page implements Node & Viewed @key(fields: "id") { id: ID! view: View viewed: Viewed views: [View!] cells: [[Cell]] query: PagesQuery! }
      interface Item implements Node & Named @key(fields: "id") { id: ID! name: String owner: Person }
      type Book implements Item & Node & Named @key(fields: "id") { id: ID! name: String owner: Person pages: Int }
      type Disc implements Item & Node & Named @key(fields: "id") { id: ID! name: String owner: Person length: Int }
      type Toy implements Item & Node & Named @key(fields: "id") { id: ID! name: String owner: Person colour: String }
      interface Tool implements Node @key(fields: "id") { id: ID! weight: Float owner: Person }
      type Saw implements Tool & Node @key(fields: "id") { id: ID! weight: Float owner: Person teeth: Int }
      type Axe implements Tool & Node @key(fields: "id") { id: ID! weight: Float owner: Person blade: String }
      type Post @key(fields: "id") { id: ID! }
      type Person implements Named @key(fields: "id") { id: ID! name: String }
    `,
  },
  {
    name: 'posts',
    typeDefs: `
      schema { query: query_root }
      type query_root { latest: [Post!] byAuthor: Person }
      type Post @key(fields: "id") { id: ID! rank(by: Int): Int title: String secret: String score: Int! author: Person editor: Person related: [Post!] item: Item query: query_root target: Target }
      union Target = Post | Person | query_root
      type Person @key(fields: "id") { id: ID! posts: [Post!] best: Post }
      type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
    `,
  },
  {
    name: 'ratings',
    typeDefs: `
      type Query { rated: [Item!] one: Item found: Node any: [Node] lists: [[Node!]] either: [Either] }
      interface Node { id: ID! }
      type Item implements Node @key(fields: "id") @interfaceObject { id: ID! stars: Float label: String caption(lang: String): String! reviews(first: Int): [Review!] critic: Person known: String next: Node }
      type Tool implements Node @key(fields: "id") @interfaceObject { id: ID! stars: Float fits: Node critic: Person! }
      union Either = Review | Shelf
      type Shelf { content: [Node!] first: Node }
      type Review implements Node { id: ID! text: String! by: Person of: Item about: [Node!] }
      type Person @key(fields: "id") { id: ID! liked: Node }
    `,
  },
  {
    name: 'people',
    typeDefs: `
      type Query { people: [Person!] }
      type Person @key(fields: "id") { id: ID! nick: String initials: String! age: Int born(calendar: String): Int favourite: Item friend: Person }
      type Item @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
    `,
  },
];
