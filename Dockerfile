# Targets: `api` (the default, API and web app from one binary) and `web` (nginx before it).

FROM node:24-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM rust:1.95-bookworm AS server
WORKDIR /src
COPY Cargo.toml Cargo.lock liangnuo.sample.toml ./
COPY openapi openapi
COPY crates crates
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release -p liangnuo-server --bin liangnuo && cp target/release/liangnuo /liangnuo

FROM nginx:stable AS web
COPY deploy/nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=frontend /src/frontend/dist /usr/share/nginx/html

FROM debian:bookworm-slim AS api
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/liangnuo --create-home liangnuo
COPY --from=server /liangnuo /usr/local/bin/liangnuo
COPY --from=frontend /src/frontend/dist /usr/share/liangnuo/web
USER liangnuo
ENV LIANGNUO_LISTEN=0.0.0.0:8080 \
    LIANGNUO_DATA_DIR=/var/lib/liangnuo \
    LIANGNUO_STATIC_DIR=/usr/share/liangnuo/web
VOLUME /var/lib/liangnuo
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["curl", "-fsS", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["liangnuo"]
CMD ["serve"]
