const FIELDS = `
  id slug title content excerpt status version createdAt updatedAt publishedAt
  author { id } tags { name }
`;

export const CREATE = `mutation ($input: CreatePostInput!) { createPost(input: $input) { ${FIELDS} } }`;
export const UPDATE = `mutation ($id: ID!, $input: UpdatePostInput!) { updatePost(id: $id, input: $input) { ${FIELDS} } }`;
export const PUBLISH = `mutation ($id: ID!) { publishPost(id: $id) { ${FIELDS} } }`;
export const ARCHIVE = `mutation ($id: ID!) { archivePost(id: $id) { ${FIELDS} } }`;
export const DELETE = 'mutation ($id: ID!) { deletePost(id: $id) }';
export const COMMENT = `mutation ($input: AddCommentInput!) {
  addComment(input: $input) { id body createdAt author { id } post { id } }
}`;
export const DELETE_COMMENT = 'mutation ($id: ID!) { deleteComment(id: $id) }';

export const POST = `query ($id: ID!) { post(id: $id) { ${FIELDS} } }`;
export const POST_BY_SLUG = `query ($slug: String!) { postBySlug(slug: $slug) { ${FIELDS} } }`;
export const POSTS = `query ($filter: PostFilter, $first: Int, $after: String, $last: Int, $before: String) {
  posts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    nodes { ${FIELDS} }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;
export const COMMENTS = `query ($id: ID!, $first: Int, $after: String) {
  post(id: $id) { comments(first: $first, after: $after) { nodes { id body author { id } } pageInfo { hasNextPage endCursor } totalCount } }
}`;
