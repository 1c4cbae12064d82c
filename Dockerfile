# syntax=docker/dockerfile:1
# One image for every process: the command chooses it (start router, start identity …). The command line for operators is
# in it, too: docker run --entrypoint tools/platformctl/bin/platformctl.mjs IMAGE migrate.
# A test takes these steps one by one, from what .dockerignore lets through, and starts what comes of it.

FROM node:24.4.0-bookworm-slim AS build
WORKDIR /platform
ENV CI=true
RUN npm install --global pnpm@12.21.0
COPY . .
RUN pnpm install --frozen-lockfile && node_modules/.bin/tsc -b tools/platformctl

# Anew, without what only building needs; the embedded PostgreSQL is optional and stays out, too.
FROM build AS production
RUN rm -rf node_modules */*/node_modules */*/*/node_modules router/node_modules packages/testkit && mkdir -p data/audit data/blobs \
 && pnpm --filter "@platform/platformctl..." install --prod --no-optional --frozen-lockfile

FROM node:24.4.0-bookworm-slim
# Nothing starts before it has been told its secrets; what is in a container is reached from outside it.
ENV NODE_ENV=production PLATFORM_ENV=production PLATFORM_DATA_DIR=/data SERVER_HOST=0.0.0.0
WORKDIR /platform
COPY --from=production --chown=node:node /platform/data /data
COPY --from=production /platform/package.json /platform/pnpm-workspace.yaml /platform/supergraph.yaml ./
COPY --from=production /platform/node_modules node_modules
COPY --from=production /platform/config config
COPY --from=production /platform/migrations migrations
COPY --from=production /platform/packages packages
COPY --from=production /platform/router router
COPY --from=production /platform/subgraphs subgraphs
COPY --from=production /platform/tools tools
USER node
VOLUME /data
EXPOSE 4000-4099
ENTRYPOINT ["packages/runtime/bin/platform.mjs"]
CMD ["start", "router"]
