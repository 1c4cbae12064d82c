const FIELDS = 'id name version createdAt updatedAt owner { id }';

export const CREATE = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { ${FIELDS} } }`;
export const UPDATE = `mutation ($id: ID!, $input: UpdateProductInput!) { updateProduct(id: $id, input: $input) { ${FIELDS} } }`;
export const DELETE = 'mutation ($id: ID!) { deleteProduct(id: $id) }';
export const PRODUCT = `query ($id: ID!) { product(id: $id) { ${FIELDS} } }`;
export const PRODUCTS = `query ($filter: ProductFilter, $first: Int, $after: String) {
  products(filter: $filter, first: $first, after: $after) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } totalCount }
}`;
export const CHANGED = `subscription ($id: ID) { productChanged(id: $id) { ${FIELDS} } }`;
