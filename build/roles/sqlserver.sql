-- Creates the two logins of a database, named after it: <database>_owner runs migrations, <database>_service reads and
-- writes rows. An administrator runs it in the database with sqlcmd, with OWNER_PASSWORD and SERVICE_PASSWORD in the
-- environment. It is idempotent, before or after the first migration; an existing login keeps its password. Passwords must
-- not contain quotes.

:on error exit

-- Readers do not wait for writers. It can be set only while no other session uses the database.
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 1)
    ALTER DATABASE [$(SQLCMDDBNAME)] SET READ_COMMITTED_SNAPSHOT ON;

-- Statements that must read one version do so in one snapshot when writes keep coming. Without it they are a 503 then.
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state_desc = 'ON')
    ALTER DATABASE [$(SQLCMDDBNAME)] SET ALLOW_SNAPSHOT_ISOLATION ON;
GO

IF SUSER_ID(N'$(SQLCMDDBNAME)_owner') IS NULL
    CREATE LOGIN [$(SQLCMDDBNAME)_owner] WITH PASSWORD = N'$(OWNER_PASSWORD)';
IF SUSER_ID(N'$(SQLCMDDBNAME)_service') IS NULL
    CREATE LOGIN [$(SQLCMDDBNAME)_service] WITH PASSWORD = N'$(SERVICE_PASSWORD)';
GO

-- A database restored on another server has users that are not linked to that server's logins.
IF USER_ID(N'$(SQLCMDDBNAME)_owner') IS NULL
    CREATE USER [$(SQLCMDDBNAME)_owner] FOR LOGIN [$(SQLCMDDBNAME)_owner] WITH DEFAULT_SCHEMA = dbo;
ALTER USER [$(SQLCMDDBNAME)_owner] WITH LOGIN = [$(SQLCMDDBNAME)_owner];
IF USER_ID(N'$(SQLCMDDBNAME)_service') IS NULL
    CREATE USER [$(SQLCMDDBNAME)_service] FOR LOGIN [$(SQLCMDDBNAME)_service] WITH DEFAULT_SCHEMA = dbo;
ALTER USER [$(SQLCMDDBNAME)_service] WITH LOGIN = [$(SQLCMDDBNAME)_service];
GO

GRANT CREATE TABLE, CREATE TYPE TO [$(SQLCMDDBNAME)_owner];
GRANT CONTROL ON SCHEMA::dbo TO [$(SQLCMDDBNAME)_owner];

-- Table-valued parameters need EXECUTE on their type.
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON SCHEMA::dbo TO [$(SQLCMDDBNAME)_service];

-- Only the owner writes which migrations are applied. The first migration denies the same if it runs after this script.
IF OBJECT_ID(N'dbo.schema_migrations') IS NOT NULL
    DENY INSERT, UPDATE, DELETE ON dbo.schema_migrations TO [$(SQLCMDDBNAME)_service];
GO
