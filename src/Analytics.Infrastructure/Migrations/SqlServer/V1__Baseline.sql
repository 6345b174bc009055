-- Instants are milliseconds since 1970-01-01T00:00:00Z. Texts compare by code point (Latin1_General_100_BIN2).
-- A normalized_ column is the text of another one, trimmed and lowered by the service: every engine would do it differently.

CREATE TABLE organisations (
    id              bigint NOT NULL CONSTRAINT organisations_pkey PRIMARY KEY,
    handle          nvarchar(99) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT organisations_handle_key UNIQUE,
    name            nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    normalized_status nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- One row, which imports of spaces lock one after the other: the id of a space is unique across organisations. It is never deleted.
CREATE TABLE catalogue_lock (
    id              bigint NOT NULL CONSTRAINT catalogue_lock_pkey PRIMARY KEY
);

INSERT INTO catalogue_lock (id) VALUES (1);

-- One row for each organisation. A writer updates it first: the row lock queues the organisation's writers, and the new
-- revision and stamp name the state that they commit. task_rollups contains the tasks that were created at rollups_from or later:
-- 0, unless a rebuild is under way. Where rollups_revision differs from revision, an older release has written and the rollups are
-- stale. Queries do not read and writers do not update what is missing or stale; "analytics migrate" rebuilds it.
CREATE TABLE organisation_versions (
    organisation_id bigint NOT NULL CONSTRAINT organisation_versions_pkey PRIMARY KEY,
    revision        bigint NOT NULL,
    stamp           nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
    changed_at      bigint NOT NULL,
    rollups_revision bigint NOT NULL,
    rollups_from    bigint NOT NULL
);

CREATE TABLE spaces (
    organisation_id bigint NOT NULL,
    id              bigint NOT NULL,
    token           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name            nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    slug            nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content_type    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    normalized_content_type nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    normalized_status nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT spaces_pkey PRIMARY KEY (organisation_id, id),
    CONSTRAINT spaces_organisation_id_token_key UNIQUE (organisation_id, token)
);

-- The organisation that an id belongs to: an id is not used twice.
CREATE INDEX spaces_by_id ON spaces (id);

-- The counted spaces by name, as they are listed.
CREATE INDEX spaces_by_name ON spaces (organisation_id, name, token)
    WHERE normalized_content_type = 'contact' AND normalized_status = 'active';

CREATE TABLE members (
    organisation_id bigint NOT NULL,
    user_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    role            nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT members_pkey PRIMARY KEY (organisation_id, user_id)
);

-- The organisations of a user.
CREATE INDEX members_by_user ON members (user_id, organisation_id);

-- A deleted task stays as a tombstone: only its id and updated_at are not NULL.
CREATE TABLE tasks (
    organisation_id bigint NOT NULL,
    task_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    updated_at      bigint NOT NULL,
    space_id        bigint NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    run_id          nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
    direction       nvarchar(20) COLLATE Latin1_General_100_BIN2 NULL,
    execution_type  nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    label           nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    outcome         nvarchar(20) COLLATE Latin1_General_100_BIN2 NULL,
    success_score   int NULL,
    duration        bigint NULL,
    created_at      bigint NULL,
    normalized_execution_type nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    normalized_status nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    normalized_label nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT tasks_pkey PRIMARY KEY (organisation_id, task_id)
);

-- The measures of a space's tasks of one product. Scores are in hundredths, durations in milliseconds.
CREATE TABLE task_totals (
    organisation_id bigint NOT NULL,
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    interested      bigint NOT NULL CONSTRAINT task_totals_interested_check CHECK (interested >= 0),
    call_back       bigint NOT NULL CONSTRAINT task_totals_call_back_check CHECK (call_back >= 0),
    send_details    bigint NOT NULL CONSTRAINT task_totals_send_details_check CHECK (send_details >= 0),
    not_interested  bigint NOT NULL CONSTRAINT task_totals_not_interested_check CHECK (not_interested >= 0),
    not_connected   bigint NOT NULL CONSTRAINT task_totals_not_connected_check CHECK (not_connected >= 0),
    calls_failed    bigint NOT NULL CONSTRAINT task_totals_calls_failed_check CHECK (calls_failed >= 0),
    calls_other     bigint NOT NULL CONSTRAINT task_totals_calls_other_check CHECK (calls_other >= 0),
    pending         bigint NOT NULL CONSTRAINT task_totals_pending_check CHECK (pending >= 0),
    in_progress     bigint NOT NULL CONSTRAINT task_totals_in_progress_check CHECK (in_progress >= 0),
    completed       bigint NOT NULL CONSTRAINT task_totals_completed_check CHECK (completed >= 0),
    tasks_failed    bigint NOT NULL CONSTRAINT task_totals_tasks_failed_check CHECK (tasks_failed >= 0),
    tasks_other     bigint NOT NULL CONSTRAINT task_totals_tasks_other_check CHECK (tasks_other >= 0),
    score_sum       bigint NOT NULL CONSTRAINT task_totals_score_sum_check CHECK (score_sum >= 0),
    scored_calls    bigint NOT NULL CONSTRAINT task_totals_scored_calls_check CHECK (scored_calls >= 0),
    duration_sum    bigint NOT NULL CONSTRAINT task_totals_duration_sum_check CHECK (duration_sum >= 0),
    timed_calls     bigint NOT NULL CONSTRAINT task_totals_timed_calls_check CHECK (timed_calls >= 0),
    CONSTRAINT task_totals_pkey PRIMARY KEY (organisation_id, space_id, product_id)
);

-- The measures of a space's tasks of one product by the UTC time of their creation. space_id -1 is the sum of all counted spaces.
-- member is a run or a normalised label; it, agent and direction are '' where they are combined. granularity:
-- 1 quarter hour, 2 hour, 3 day; 4 day, 5 month, by agent and direction; 6 quarter hour, 7 day, by run, agent and direction;
-- 8 hour, 9 day, 10 month, by label. Those of 1, 2, 3, 9 and 10 are summed for all counted spaces too.
CREATE TABLE task_rollups (
    organisation_id bigint NOT NULL,
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    granularity     int NOT NULL,
    starts_at       bigint NOT NULL,
    member          nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    direction       nvarchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
    interested      bigint NOT NULL CONSTRAINT task_rollups_interested_check CHECK (interested >= 0),
    call_back       bigint NOT NULL CONSTRAINT task_rollups_call_back_check CHECK (call_back >= 0),
    send_details    bigint NOT NULL CONSTRAINT task_rollups_send_details_check CHECK (send_details >= 0),
    not_interested  bigint NOT NULL CONSTRAINT task_rollups_not_interested_check CHECK (not_interested >= 0),
    not_connected   bigint NOT NULL CONSTRAINT task_rollups_not_connected_check CHECK (not_connected >= 0),
    calls_failed    bigint NOT NULL CONSTRAINT task_rollups_calls_failed_check CHECK (calls_failed >= 0),
    calls_other     bigint NOT NULL CONSTRAINT task_rollups_calls_other_check CHECK (calls_other >= 0),
    pending         bigint NOT NULL CONSTRAINT task_rollups_pending_check CHECK (pending >= 0),
    in_progress     bigint NOT NULL CONSTRAINT task_rollups_in_progress_check CHECK (in_progress >= 0),
    completed       bigint NOT NULL CONSTRAINT task_rollups_completed_check CHECK (completed >= 0),
    tasks_failed    bigint NOT NULL CONSTRAINT task_rollups_tasks_failed_check CHECK (tasks_failed >= 0),
    tasks_other     bigint NOT NULL CONSTRAINT task_rollups_tasks_other_check CHECK (tasks_other >= 0),
    score_sum       bigint NOT NULL CONSTRAINT task_rollups_score_sum_check CHECK (score_sum >= 0),
    scored_calls    bigint NOT NULL CONSTRAINT task_rollups_scored_calls_check CHECK (scored_calls >= 0),
    duration_sum    bigint NOT NULL CONSTRAINT task_rollups_duration_sum_check CHECK (duration_sum >= 0),
    timed_calls     bigint NOT NULL CONSTRAINT task_rollups_timed_calls_check CHECK (timed_calls >= 0),
    CONSTRAINT task_rollups_pkey PRIMARY KEY (organisation_id, space_id, product_id, granularity, starts_at, member, agent, direction)
);

-- A batch may hold many row locks. Without this, SQL Server escalates them to a table lock, which blocks all other organisations.
ALTER TABLE members SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE tasks SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE task_totals SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE task_rollups SET (LOCK_ESCALATION = DISABLE);

-- Table-valued parameters of a batch. Their keys are named indexes: a plan that reads an index with a generated name cannot be forced,
-- and a table type has no named constraints.

CREATE TYPE task_ids AS TABLE (
    task_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    INDEX task_ids_key UNIQUE CLUSTERED (task_id)
);

CREATE TYPE task_rows AS TABLE (
    task_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    updated_at      bigint NOT NULL,
    space_id        bigint NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    run_id          nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
    direction       nvarchar(20) COLLATE Latin1_General_100_BIN2 NULL,
    execution_type  nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    label           nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    outcome         nvarchar(20) COLLATE Latin1_General_100_BIN2 NULL,
    success_score   int NULL,
    duration        bigint NULL,
    created_at      bigint NULL,
    normalized_execution_type nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    normalized_status nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    normalized_label nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    INDEX task_rows_key UNIQUE CLUSTERED (task_id)
);

CREATE TYPE total_rows AS TABLE (
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    interested      bigint NOT NULL,
    call_back       bigint NOT NULL,
    send_details    bigint NOT NULL,
    not_interested  bigint NOT NULL,
    not_connected   bigint NOT NULL,
    calls_failed    bigint NOT NULL,
    calls_other     bigint NOT NULL,
    pending         bigint NOT NULL,
    in_progress     bigint NOT NULL,
    completed       bigint NOT NULL,
    tasks_failed    bigint NOT NULL,
    tasks_other     bigint NOT NULL,
    score_sum       bigint NOT NULL,
    scored_calls    bigint NOT NULL,
    duration_sum    bigint NOT NULL,
    timed_calls     bigint NOT NULL,
    INDEX total_rows_key UNIQUE CLUSTERED (space_id, product_id)
);

CREATE TYPE rollup_rows AS TABLE (
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    granularity     int NOT NULL,
    starts_at       bigint NOT NULL,
    member          nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    direction       nvarchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
    interested      bigint NOT NULL,
    call_back       bigint NOT NULL,
    send_details    bigint NOT NULL,
    not_interested  bigint NOT NULL,
    not_connected   bigint NOT NULL,
    calls_failed    bigint NOT NULL,
    calls_other     bigint NOT NULL,
    pending         bigint NOT NULL,
    in_progress     bigint NOT NULL,
    completed       bigint NOT NULL,
    tasks_failed    bigint NOT NULL,
    tasks_other     bigint NOT NULL,
    score_sum       bigint NOT NULL,
    scored_calls    bigint NOT NULL,
    duration_sum    bigint NOT NULL,
    timed_calls     bigint NOT NULL,
    INDEX rollup_rows_key UNIQUE CLUSTERED (space_id, product_id, granularity, starts_at, member, agent, direction)
);

-- Table-valued parameters of a query: ranges of rollups, each divided into buckets of one width in milliseconds. A window includes
-- a range once, not at all, or subtracts it (-1).
CREATE TYPE rollup_ranges AS TABLE (
    range_index     int NOT NULL,
    space_id        bigint NOT NULL,
    granularity     int NOT NULL,
    starts_at       bigint NOT NULL,
    ends_at         bigint NOT NULL,
    bucket_width    bigint NOT NULL,
    in_window       bigint NOT NULL,
    in_current      bigint NOT NULL,
    in_earlier      bigint NOT NULL,
    INDEX rollup_ranges_key UNIQUE CLUSTERED (range_index, space_id)
);

-- Measures of tasks that no rollup contains alone.
CREATE TYPE extra_rows AS TABLE (
    row_index       int NOT NULL,
    space_id        bigint NOT NULL,
    member          nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    in_window       bigint NOT NULL,
    in_current      bigint NOT NULL,
    in_earlier      bigint NOT NULL,
    interested      bigint NOT NULL,
    call_back       bigint NOT NULL,
    send_details    bigint NOT NULL,
    not_interested  bigint NOT NULL,
    not_connected   bigint NOT NULL,
    calls_failed    bigint NOT NULL,
    calls_other     bigint NOT NULL,
    pending         bigint NOT NULL,
    in_progress     bigint NOT NULL,
    completed       bigint NOT NULL,
    tasks_failed    bigint NOT NULL,
    tasks_other     bigint NOT NULL,
    score_sum       bigint NOT NULL,
    scored_calls    bigint NOT NULL,
    duration_sum    bigint NOT NULL,
    timed_calls     bigint NOT NULL,
    INDEX extra_rows_key UNIQUE CLUSTERED (row_index)
);

CREATE TYPE label_names AS TABLE (
    label           nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    INDEX label_names_key UNIQUE CLUSTERED (label)
);

CREATE TYPE space_ids AS TABLE (
    space_id        bigint NOT NULL,
    INDEX space_ids_key UNIQUE CLUSTERED (space_id)
);

CREATE TYPE agent_names AS TABLE (
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    INDEX agent_names_key UNIQUE CLUSTERED (agent)
);

-- The rollups of one agent and of one run, by time, so that a filter reads these rows only.
CREATE INDEX task_rollups_by_agent ON task_rollups (organisation_id, product_id, granularity, agent, starts_at, space_id)
    WHERE granularity IN (4, 5, 6, 7);
CREATE INDEX task_rollups_by_run ON task_rollups (organisation_id, product_id, granularity, member, starts_at, space_id)
    WHERE granularity IN (6, 7);

-- The tasks of a product, newest first: all of them, and those of one run, agent, label, outcome, status or space. A page of the
-- list is read from one of these indexes in its order, so that its cost does not depend on its position or on how many tasks match.
CREATE INDEX tasks_by_time ON tasks (organisation_id, product_id, created_at DESC, task_id);
CREATE INDEX tasks_by_run ON tasks (organisation_id, product_id, run_id, created_at DESC, task_id);
CREATE INDEX tasks_by_agent ON tasks (organisation_id, product_id, agent, created_at DESC, task_id);
CREATE INDEX tasks_by_label ON tasks (organisation_id, product_id, normalized_label, created_at DESC, task_id)
    WHERE normalized_label <> '';
CREATE INDEX tasks_by_outcome ON tasks (organisation_id, product_id, outcome, created_at DESC, task_id);
CREATE INDEX tasks_by_status ON tasks (organisation_id, product_id, normalized_status, created_at DESC, task_id)
    WHERE normalized_status <> 'completed';
CREATE INDEX tasks_by_space ON tasks (organisation_id, product_id, space_id, created_at DESC, task_id);

-- The service reads which migrations are applied, and may not change that. build/roles/sqlserver.sql denies the same where the
-- tables exist before the users.
DECLARE @service sysname = DB_NAME() + N'_service';
IF USER_ID(@service) IS NOT NULL
BEGIN
    DECLARE @deny nvarchar(max) = N'DENY INSERT, UPDATE, DELETE ON dbo.schema_migrations TO ' + QUOTENAME(@service);
    EXEC (@deny);
END
