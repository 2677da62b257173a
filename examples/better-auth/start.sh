#!/bin/sh
# Installs better-auth from npm at the versions of package-lock.json, and runs it until it is stopped. One JSON line on
# standard output tells where it is. Arguments: origins of identity providers that it may reach on a private address.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci >&2
exec node server.mjs "$@"
