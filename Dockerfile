# greenroom in an image that holds one static program, certificates and an empty data folder: no shell, nobody's package.
#
#   docker build -t greenroom .
#   docker run -p 8080:8080 -v greenroom-data:/data -e GREENROOM_PUBLIC_URL=http://localhost:8080 greenroom
#
# There is no HEALTHCHECK: it would need a shell or a second program in the image. Ask GET /healthz (alive) and
# GET /readyz (takes people; 503 while draining) from outside, as Kubernetes and load balancers do anyway.
# The admin listener (metrics, debug page) stays on the container's own loopback unless GREENROOM_ADMIN_LISTEN says otherwise.
# Stop with SIGTERM, which both Docker and Kubernetes send, and leave it time to drain (GREENROOM_DRAIN, 20 s): docker stop --time 30.

ARG GO_IMAGE=golang:1.26-bookworm

FROM ${GO_IMAGE} AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
WORKDIR /data
WORKDIR /src
COPY go.mod go.sum ./
RUN ["/usr/local/go/bin/go", "mod", "download"]
COPY . .
RUN ["/usr/local/go/bin/go", "build", "-trimpath", "-ldflags=-s -w", "-o", "/out/greenroom", "./server"]

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /out/greenroom /greenroom
ENV GREENROOM_DATA=/data GREENROOM_LISTEN=0.0.0.0:8080 GREENROOM_LOG_FORMAT=json
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/greenroom"]
