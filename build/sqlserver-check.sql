-- Checks a SQL Server database that the service has used: its settings, names and lock memory, and the plans of the statements that
-- were run (see .github/docs/sqlserver.md). An administrator runs it in the database, with sqlcmd -b. It changes nothing, and ends
-- with an error if anything is wrong.

-- Reading XML needs it, and sqlcmd switches it off.
SET QUOTED_IDENTIFIER ON;
GO

SET NOCOUNT ON;
DECLARE @wrong TABLE (finding nvarchar(1000) NOT NULL);

-- For information: the service switches NOCOUNT off for its own connections.
SELECT SERVERPROPERTY('ProductVersion') AS version, d.compatibility_level, d.is_read_committed_snapshot_on,
       d.snapshot_isolation_state_desc, CAST(c.value_in_use AS int) & 512 AS nocount
  FROM sys.databases d
  JOIN sys.configurations c ON c.name = N'user options'
 WHERE d.database_id = DB_ID();

INSERT INTO @wrong (finding)
SELECT N'READ_COMMITTED_SNAPSHOT is off: queries wait for writers.'
  FROM sys.databases
 WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0
 UNION ALL
SELECT N'ALLOW_SNAPSHOT_ISOLATION is off: queries are a 503 while writes keep coming, and verify locks organisations.'
  FROM sys.databases
 WHERE database_id = DB_ID() AND snapshot_isolation_state_desc <> N'ON'
 UNION ALL
SELECT CONCAT(N'The compatibility level is ', compatibility_level, N' instead of 150 or more.')
  FROM sys.databases
 WHERE database_id = DB_ID() AND compatibility_level < 150
 UNION ALL
SELECT CONCAT(N'Locks of ', name, N' are escalated: one organisation can block all others.')
  FROM sys.tables
 WHERE name IN (N'tasks', N'task_totals', N'task_rollups') AND lock_escalation_desc <> N'DISABLE'
 UNION ALL
SELECT CONCAT(N'The name ', name, N' is generated.')
  FROM (SELECT name, parent_object_id FROM sys.key_constraints WHERE is_system_named = 1
         UNION ALL
        SELECT name, parent_object_id FROM sys.check_constraints WHERE is_system_named = 1) n
 WHERE parent_object_id <> OBJECT_ID(N'schema_migrations')
 UNION ALL
-- The server retains what its locks have needed. A batch needs a few hundred thousand locks of about a hundred bytes.
SELECT CONCAT(N'Locks have needed ', SUM(pages_kb) / 1024, N' MB of memory.')
  FROM sys.dm_os_memory_clerks
 WHERE type = N'OBJECTSTORE_LOCK_MANAGER'
HAVING SUM(pages_kb) > 256 * 1024;

-- The plans of the service's statements. Their text begins with their parameters.
DECLARE @plans TABLE (statement nvarchar(400) NOT NULL, max_grant_kb bigint NOT NULL, query_plan xml NULL);

INSERT INTO @plans (statement, max_grant_kb, query_plan)
SELECT SUBSTRING(t.text, PATINDEX(N'%)[A-Z]%', t.text) + 1, 400), s.max_grant_kb, p.query_plan
  FROM (SELECT plan_handle, MAX(max_grant_kb) AS max_grant_kb FROM sys.dm_exec_query_stats GROUP BY plan_handle) s
 CROSS APPLY sys.dm_exec_sql_text(s.plan_handle) t
 CROSS APPLY sys.dm_exec_query_plan(s.plan_handle) p
 WHERE p.dbid = DB_ID() AND t.text LIKE N'(@%' AND t.text LIKE N'%@OrganisationId%';

INSERT INTO @wrong (finding)
SELECT CONCAT(N'The plan cannot be read: ', statement)
  FROM @plans
 WHERE query_plan IS NULL
 UNION ALL
SELECT CONCAT(N'Memory of ', max_grant_kb / 1024, N' MB is granted: ', statement)
  FROM @plans
 WHERE max_grant_kb > 100 * 1024;

WITH XMLNAMESPACES (DEFAULT 'http://schemas.microsoft.com/sqlserver/2004/07/showplan')
INSERT INTO @wrong (finding)
SELECT DISTINCT CONCAT(N'A scan of ', o.node.value('@Table', 'nvarchar(258)'), N': ', p.statement)
  FROM @plans p
 CROSS APPLY p.query_plan.nodes(
       '//RelOp[contains(@PhysicalOp, "Scan")]/*/Object[@Table="[tasks]" or @Table="[task_rollups]"]') o (node);

-- The tasks of a page may be sorted once they are read: then a Top limits them.
WITH XMLNAMESPACES (DEFAULT 'http://schemas.microsoft.com/sqlserver/2004/07/showplan')
INSERT INTO @wrong (finding)
SELECT CONCAT(N'A sort of all tasks: ', statement)
  FROM @plans
 WHERE query_plan.exist(
       '//StmtSimple[@StatementType="SELECT"]//RelOp[@PhysicalOp="Sort"][.//Object[@Table="[tasks]" and @Index!="[tasks_pkey]"]][not(.//RelOp[@PhysicalOp="Top"])]') = 1;

-- Each index has a plan that seeks in it, or the statements to check have not been run.
DECLARE @seeks TABLE (index_name nvarchar(258) NOT NULL);

WITH XMLNAMESPACES (DEFAULT 'http://schemas.microsoft.com/sqlserver/2004/07/showplan')
INSERT INTO @seeks (index_name)
SELECT o.node.value('@Index', 'nvarchar(258)')
  FROM @plans p
 CROSS APPLY p.query_plan.nodes('//RelOp[contains(@PhysicalOp, "Seek")]/IndexScan/Object[@Index]') o (node);

INSERT INTO @wrong (finding)
SELECT CONCAT(N'No plan seeks in ', i.name, N': run build/sqlserver-check.sh first.')
  FROM sys.indexes i
 WHERE i.object_id IN (OBJECT_ID(N'tasks'), OBJECT_ID(N'task_rollups'))
   AND NOT EXISTS (SELECT 1 FROM @seeks s WHERE s.index_name = QUOTENAME(i.name));

SELECT COUNT(*) AS plans FROM @plans;
IF EXISTS (SELECT 1 FROM @wrong)
BEGIN
    SELECT finding FROM @wrong;
    THROW 50000, N'The findings above are wrong.', 1;
END
GO
