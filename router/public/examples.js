/**
 * The main journey, in order. `variables` gets what the journey knows so far and the page's session; an `anonymous` step
 * goes out without the session. A step with `href` is a page instead of an operation.
 */
export const examples = [
  {
    group: 'Account',
    title: 'Register',
    operation: 'Register',
    query: `mutation Register($input: RegisterInput!) {
  register(input: $input) {
    accepted
  }
}`,
    variables: ({ email, password }) => ({ input: { email, password, firstName: 'Ada', lastName: 'Lovelace' } }),
  },
  {
    group: 'Account',
    title: 'Read the mail',
    href: ({ email }) => new URL(`../mailbox?to=${encodeURIComponent(email)}`, import.meta.url).href,
  },
  {
    group: 'Account',
    title: 'Verify the e-mail address',
    hint: 'The token is taken from the newest mail',
    operation: 'VerifyEmail',
    query: `mutation VerifyEmail($token: String!) {
  verifyEmail(token: $token)
}`,
    variables: async (journey) => ({ token: await journey.verificationToken() }),
  },
  {
    group: 'Account',
    title: 'Log in',
    hint: 'Signs you in on this page as well',
    operation: 'Login',
    query: `mutation Login($input: LoginInput!) {
  login(input: $input) {
    ... on AuthPayload {
      accessToken
      refreshToken
      expiresIn
      user {
        id
        displayName
        email
      }
    }
  }
}`,
    variables: ({ email, password }) => ({ input: { email, password } }),
  },
  {
    group: 'Account',
    title: 'Who am I?',
    operation: 'Me',
    query: `query Me {
  me {
    id
    displayName
    email
    roles {
      name
    }
    permissions
  }
  sessions {
    id
    current
    ipAddress
    userAgent
    lastUsedAt
  }
}`,
  },
  {
    group: 'Blog',
    title: 'Create a draft',
    operation: 'CreatePost',
    query: `mutation CreatePost($input: CreatePostInput!) {
  createPost(input: $input) {
    id
    slug
    title
    status
    version
  }
}`,
    variables: () => ({
      input: {
        title: 'Notes on the Analytical Engine',
        content: 'The Analytical Engine weaves algebraic patterns just as the loom weaves flowers and leaves.',
        tags: ['history', 'computing'],
      },
    }),
  },
  {
    group: 'Blog',
    title: 'Watch what is published',
    hint: 'Run it, and publish in another window',
    operation: 'PostPublished',
    anonymous: true,
    query: `subscription PostPublished {
  postPublished {
    id
    title
    publishedAt
    author {
      displayName
    }
  }
}`,
  },
  {
    group: 'Blog',
    title: 'Publish it',
    operation: 'PublishPost',
    query: `mutation PublishPost($id: ID!) {
  publishPost(id: $id) {
    id
    status
    publishedAt
  }
}`,
    variables: ({ postId }) => ({ id: postId }),
  },
  {
    group: 'Blog',
    title: 'Read it with its author',
    hint: 'Anonymously: one query, two subgraphs',
    operation: 'ReadPost',
    anonymous: true,
    query: `query ReadPost($id: ID!) {
  post(id: $id) {
    title
    content
    publishedAt
    author {
      displayName
    }
    tags {
      name
    }
    comments(first: 5) {
      totalCount
      nodes {
        body
        author {
          displayName
        }
      }
    }
  }
}`,
    variables: ({ postId }) => ({ id: postId }),
  },
  {
    group: 'Blog',
    title: 'Comment on it',
    operation: 'AddComment',
    query: `mutation AddComment($input: AddCommentInput!) {
  addComment(input: $input) {
    id
    body
    createdAt
    author {
      displayName
    }
  }
}`,
    variables: ({ postId }) => ({
      input: { postId, body: 'It can follow analysis, but has no power of anticipating it.' },
    }),
  },
  {
    group: 'Administration',
    title: 'Read the audit log',
    hint: 'Sign in as the administrator first',
    operation: 'AuditEntries',
    query: `query AuditEntries($filter: AuditFilter) {
  auditEntries(filter: $filter, first: 20) {
    totalCount
    nodes {
      sequence
      action
      resource
      resourceId
      outcome
      occurredAt
      actor {
        displayName
      }
    }
  }
}`,
    variables: () => ({ filter: {} }),
  },
  {
    group: 'Administration',
    title: 'Roles and permissions',
    operation: 'Roles',
    query: `query Roles {
  roles {
    nodes {
      id
      name
      system
      userCount
      permissions {
        code
      }
    }
  }
  permissions {
    code
    description
  }
}`,
  },
  {
    group: 'Administration',
    title: 'Take a permission away',
    hint: 'The very next request is refused',
    operation: 'RevokePermissions',
    query: `mutation RevokePermissions($roleId: ID!, $permissions: [String!]!) {
  revokePermissions(roleId: $roleId, permissions: $permissions) {
    name
    permissions {
      code
    }
  }
}`,
    variables: ({ userRoleId }) => ({ roleId: userRoleId, permissions: ['blog.comment.create'] }),
  },
  {
    group: 'Administration',
    title: 'Grant it again',
    operation: 'GrantPermissions',
    query: `mutation GrantPermissions($roleId: ID!, $permissions: [String!]!) {
  grantPermissions(roleId: $roleId, permissions: $permissions) {
    name
    permissions {
      code
    }
  }
}`,
    variables: ({ userRoleId }) => ({ roleId: userRoleId, permissions: ['blog.comment.create'] }),
  },
  {
    group: 'Session',
    title: 'Refresh the tokens',
    hint: 'Run it twice with the same token after 10 s, and the session is over',
    operation: 'RefreshToken',
    query: `mutation RefreshToken($refreshToken: String!) {
  refreshToken(refreshToken: $refreshToken) {
    accessToken
    refreshToken
    expiresIn
  }
}`,
    variables: (_journey, session) => ({ refreshToken: session.refreshToken ?? '' }),
  },
  {
    group: 'Session',
    title: 'Log out',
    hint: 'Ends the session at once, also for unexpired access tokens',
    operation: 'Logout',
    query: `mutation Logout($refreshToken: String!) {
  logout(refreshToken: $refreshToken)
}`,
    variables: (_journey, session) => ({ refreshToken: session.refreshToken ?? '' }),
  },
];
