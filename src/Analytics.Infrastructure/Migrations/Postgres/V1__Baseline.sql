-- Instants are milliseconds since 1970-01-01T00:00:00Z. Texts that are compared do so by code point (COLLATE "C").
-- Every key but the catalogue's begins with the organisation, so that an organisation can lie on one server of many.
-- A normalized_ column is the text of another one, trimmed and lowered by the service: every engine would do it differently.

CREATE TABLE organisations (
    id     bigint NOT NULL PRIMARY KEY,
    handle text   COLLATE "C" NOT NULL UNIQUE,
    name   text   NOT NULL,
    status text   COLLATE "C" NOT NULL,
    normalized_status text COLLATE "C" NOT NULL
);

-- One row, which imports of spaces lock one after the other: the id of a space is unique across organisations. It is never deleted.
CREATE TABLE catalogue_lock (
    id bigint NOT NULL PRIMARY KEY
);

INSERT INTO catalogue_lock (id) VALUES (1);

-- One row for each organisation. A writer updates it first: the row lock queues the organisation's writers, and the new
-- revision and stamp name the state that they commit. task_rollups contains the tasks that were created at rollups_from or later:
-- 0, unless a rebuild is under way. Where rollups_revision differs from revision, an older release has written and the rollups are
-- stale. Queries do not read and writers do not update what is missing or stale; "analytics migrate" rebuilds it.
-- The fillfactor leaves room for heap-only updates, since every write updates this row.
CREATE TABLE organisation_versions (
    organisation_id bigint NOT NULL PRIMARY KEY,
    revision        bigint NOT NULL,
    stamp           text   COLLATE "C" NOT NULL,
    changed_at      bigint NOT NULL,
    rollups_revision bigint NOT NULL,
    rollups_from    bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE spaces (
    organisation_id bigint NOT NULL,
    id              bigint NOT NULL,
    token           text   COLLATE "C" NOT NULL,
    name            text   COLLATE "C" NOT NULL,
    slug            text   NOT NULL,
    content_type    text   COLLATE "C" NOT NULL,
    status          text   COLLATE "C" NOT NULL,
    normalized_content_type text COLLATE "C" NOT NULL,
    normalized_status text COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, token)
);

-- The organisation that an id belongs to: an id is not used twice.
CREATE INDEX spaces_by_id ON spaces (id);

-- The counted spaces by name, as they are listed.
CREATE INDEX spaces_by_name ON spaces (organisation_id, name, token)
    WHERE normalized_content_type = 'contact' AND normalized_status = 'active';

CREATE TABLE members (
    organisation_id bigint NOT NULL,
    user_id         text   COLLATE "C" NOT NULL,
    role            text   NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
);

-- The organisations of a user.
CREATE INDEX members_by_user ON members (user_id, organisation_id);

-- A deleted task stays as a tombstone: only its id and updated_at are not NULL.
CREATE TABLE tasks (
    organisation_id bigint NOT NULL,
    task_id         text   COLLATE "C" NOT NULL,
    updated_at      bigint NOT NULL,
    space_id        bigint,
    product_id      text   COLLATE "C",
    run_id          text   COLLATE "C",
    agent           text   COLLATE "C",
    direction       text   COLLATE "C",
    execution_type  text   COLLATE "C",
    status          text   COLLATE "C",
    label           text   COLLATE "C",
    outcome         text   COLLATE "C",
    success_score   integer,
    duration        bigint,
    created_at      bigint,
    normalized_execution_type text COLLATE "C",
    normalized_status text COLLATE "C",
    normalized_label text  COLLATE "C",
    PRIMARY KEY (organisation_id, task_id)
);

-- The measures of a space's tasks of one product. Scores are in hundredths, durations in milliseconds.
CREATE TABLE task_totals (
    organisation_id bigint NOT NULL,
    space_id        bigint NOT NULL,
    product_id      text   COLLATE "C" NOT NULL,
    interested      bigint NOT NULL CHECK (interested >= 0),
    call_back       bigint NOT NULL CHECK (call_back >= 0),
    send_details    bigint NOT NULL CHECK (send_details >= 0),
    not_interested  bigint NOT NULL CHECK (not_interested >= 0),
    not_connected   bigint NOT NULL CHECK (not_connected >= 0),
    calls_failed    bigint NOT NULL CHECK (calls_failed >= 0),
    calls_other     bigint NOT NULL CHECK (calls_other >= 0),
    pending         bigint NOT NULL CHECK (pending >= 0),
    in_progress     bigint NOT NULL CHECK (in_progress >= 0),
    completed       bigint NOT NULL CHECK (completed >= 0),
    tasks_failed    bigint NOT NULL CHECK (tasks_failed >= 0),
    tasks_other     bigint NOT NULL CHECK (tasks_other >= 0),
    score_sum       bigint NOT NULL CHECK (score_sum >= 0),
    scored_calls    bigint NOT NULL CHECK (scored_calls >= 0),
    duration_sum    bigint NOT NULL CHECK (duration_sum >= 0),
    timed_calls     bigint NOT NULL CHECK (timed_calls >= 0),
    PRIMARY KEY (organisation_id, space_id, product_id)
) WITH (fillfactor = 50);

-- The measures of a space's tasks of one product by the UTC time of their creation. space_id -1 is the sum of all counted spaces.
-- member is a run or a normalised label; it, agent and direction are '' where they are combined. granularity:
-- 1 quarter hour, 2 hour, 3 day; 4 day, 5 month, by agent and direction; 6 quarter hour, 7 day, by run, agent and direction;
-- 8 hour, 9 day, 10 month, by label. Those of 1, 2, 3, 9 and 10 are summed for all counted spaces too.
CREATE TABLE task_rollups (
    organisation_id bigint  NOT NULL,
    space_id        bigint  NOT NULL,
    product_id      text    COLLATE "C" NOT NULL,
    granularity     integer NOT NULL,
    starts_at       bigint  NOT NULL,
    member          text    COLLATE "C" NOT NULL,
    agent           text    COLLATE "C" NOT NULL,
    direction       text    COLLATE "C" NOT NULL,
    interested      bigint NOT NULL CHECK (interested >= 0),
    call_back       bigint NOT NULL CHECK (call_back >= 0),
    send_details    bigint NOT NULL CHECK (send_details >= 0),
    not_interested  bigint NOT NULL CHECK (not_interested >= 0),
    not_connected   bigint NOT NULL CHECK (not_connected >= 0),
    calls_failed    bigint NOT NULL CHECK (calls_failed >= 0),
    calls_other     bigint NOT NULL CHECK (calls_other >= 0),
    pending         bigint NOT NULL CHECK (pending >= 0),
    in_progress     bigint NOT NULL CHECK (in_progress >= 0),
    completed       bigint NOT NULL CHECK (completed >= 0),
    tasks_failed    bigint NOT NULL CHECK (tasks_failed >= 0),
    tasks_other     bigint NOT NULL CHECK (tasks_other >= 0),
    score_sum       bigint NOT NULL CHECK (score_sum >= 0),
    scored_calls    bigint NOT NULL CHECK (scored_calls >= 0),
    duration_sum    bigint NOT NULL CHECK (duration_sum >= 0),
    timed_calls     bigint NOT NULL CHECK (timed_calls >= 0),
    PRIMARY KEY (organisation_id, space_id, product_id, granularity, starts_at, member, agent, direction)
);

-- On Citus, the tables of the catalogue, and members, are reference tables on every node: a user's organisations are found on
-- one. All other tables are distributed by organisation and colocated.
DO $citus$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('organisations');
        PERFORM create_reference_table('members');
        PERFORM create_reference_table('catalogue_lock');
        PERFORM create_distributed_table('organisation_versions', 'organisation_id');
        PERFORM create_distributed_table('spaces', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('tasks', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('task_totals', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('task_rollups', 'organisation_id', colocate_with => 'organisation_versions');
    END IF;
END
$citus$;

-- The rollups of one agent and of one run, by time, so that a filter reads these rows only.
CREATE INDEX task_rollups_by_agent ON task_rollups (organisation_id, product_id, granularity, agent, starts_at, space_id)
    WHERE granularity IN (4, 5, 6, 7);
CREATE INDEX task_rollups_by_run ON task_rollups (organisation_id, product_id, granularity, member, starts_at, space_id)
    WHERE granularity IN (6, 7);

-- The tasks of a product, newest first: all of them, and those of one run, agent, label, outcome, status or space. A page of the
-- list is read from one of these indexes in its order, so that its cost does not depend on its position or on how many tasks match.
-- Most tasks end as completed: those are read by time.
CREATE INDEX tasks_by_time ON tasks (organisation_id, product_id, created_at DESC, task_id);
CREATE INDEX tasks_by_run ON tasks (organisation_id, product_id, run_id, created_at DESC, task_id);
CREATE INDEX tasks_by_agent ON tasks (organisation_id, product_id, agent, created_at DESC, task_id);
CREATE INDEX tasks_by_label ON tasks (organisation_id, product_id, normalized_label, created_at DESC, task_id)
    WHERE normalized_label <> '';
CREATE INDEX tasks_by_outcome ON tasks (organisation_id, product_id, outcome, created_at DESC, task_id);
CREATE INDEX tasks_by_status ON tasks (organisation_id, product_id, normalized_status, created_at DESC, task_id)
    WHERE normalized_status <> 'completed';
CREATE INDEX tasks_by_space ON tasks (organisation_id, product_id, space_id, created_at DESC, task_id);

-- The service reads which migrations are applied, and may not change that. build/roles/postgres.sql revokes the same where the
-- tables exist before the roles.
DO $roles$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_database() || '_service') THEN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM %I', current_database() || '_service');
    END IF;
END
$roles$;
