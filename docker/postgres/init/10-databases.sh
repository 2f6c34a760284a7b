#!/bin/sh
# Runs once, when the data directory is new: a database for each subgraph, each with a user of its own that
# can reach no other. Their password is LYCEUM_DATABASE_PASSWORD.
set -eu
: "${LYCEUM_DATABASE_PASSWORD:?is needed}"

for name in identity content payments reputation; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set database="lyceum_$name" --set password="$LYCEUM_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE :"database" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"database" TEMPLATE template0
  ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
SQL
done
