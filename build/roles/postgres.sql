-- Creates the two roles of a database, named after it: <database>_owner runs migrations, <database>_service reads and
-- writes rows. An administrator runs it in the database with psql 15 or later, with OWNER_PASSWORD and SERVICE_PASSWORD in
-- the environment. It is idempotent, before or after the first migration; an existing role keeps its password.

\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv service_password SERVICE_PASSWORD
SELECT current_database() AS database, current_database() || '_owner' AS owner, current_database() || '_service' AS service \gset

BEGIN;

SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'owner', :'owner_password')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'service', :'service_password')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec

-- An administrator who is not a superuser must be a member of a role to change what it owns.
GRANT :"owner" TO CURRENT_USER;

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"owner", :"service";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
GRANT USAGE ON SCHEMA public TO :"service";

-- Existing tables.
SELECT format('ALTER TABLE public.%I OWNER TO %I', tablename, :'owner')
  FROM pg_tables
 WHERE schemaname = 'public' AND tableowner <> :'owner' \gexec
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"service";

-- Only the owner writes which migrations are applied. The first migration revokes the same if it runs after this script.
SELECT format('REVOKE INSERT, UPDATE, DELETE ON public.schema_migrations FROM %I', :'service')
 WHERE to_regclass('public.schema_migrations') IS NOT NULL \gexec

-- Tables that later migrations create.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";

COMMIT;
