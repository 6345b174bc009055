-- Instants are milliseconds since 1970-01-01T00:00:00Z. Texts compare by code point (BINARY, the default).
-- A normalized_ column is the text of another one, trimmed and lowered by the service: every engine would do it differently.

CREATE TABLE organisations (
    id     INTEGER NOT NULL PRIMARY KEY,
    handle TEXT    NOT NULL UNIQUE,
    name   TEXT    NOT NULL,
    status TEXT    NOT NULL,
    normalized_status TEXT NOT NULL
) STRICT;

-- One row, which imports of spaces lock one after the other: the id of a space is unique across organisations. It is never deleted.
CREATE TABLE catalogue_lock (
    id INTEGER NOT NULL PRIMARY KEY
) STRICT;

INSERT INTO catalogue_lock (id) VALUES (1);

-- One row for each organisation. A writer updates it first: the row lock queues the organisation's writers, and the new
-- revision and stamp name the state that they commit. task_rollups contains the tasks that were created at rollups_from or later:
-- 0, unless a rebuild is under way. Where rollups_revision differs from revision, an older release has written and the rollups are
-- stale. Queries do not read and writers do not update what is missing or stale; "analytics migrate" rebuilds it.
CREATE TABLE organisation_versions (
    organisation_id INTEGER NOT NULL PRIMARY KEY,
    revision        INTEGER NOT NULL,
    stamp           TEXT    NOT NULL,
    changed_at      INTEGER NOT NULL,
    rollups_revision INTEGER NOT NULL,
    rollups_from    INTEGER NOT NULL
) STRICT;

CREATE TABLE spaces (
    organisation_id INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    token           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    slug            TEXT    NOT NULL,
    content_type    TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    normalized_content_type TEXT NOT NULL,
    normalized_status TEXT  NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, token)
) STRICT, WITHOUT ROWID;

-- The organisation that an id belongs to: an id is not used twice.
CREATE INDEX spaces_by_id ON spaces (id);

-- The counted spaces by name, as they are listed.
CREATE INDEX spaces_by_name ON spaces (organisation_id, name, token)
    WHERE normalized_content_type = 'contact' AND normalized_status = 'active';

CREATE TABLE members (
    organisation_id INTEGER NOT NULL,
    user_id         TEXT    NOT NULL,
    role            TEXT    NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
) STRICT, WITHOUT ROWID;

-- The organisations of a user.
CREATE INDEX members_by_user ON members (user_id, organisation_id);

-- A deleted task stays as a tombstone: only its id and updated_at are not NULL.
-- The table keeps its rowid: rows are appended, and only the key's index, which is small, is written at random positions.
CREATE TABLE tasks (
    organisation_id INTEGER NOT NULL,
    task_id         TEXT    NOT NULL,
    updated_at      INTEGER NOT NULL,
    space_id        INTEGER,
    product_id      TEXT,
    run_id          TEXT,
    agent           TEXT,
    direction       TEXT,
    execution_type  TEXT,
    status          TEXT,
    label           TEXT,
    outcome         TEXT,
    success_score   INTEGER,
    duration        INTEGER,
    created_at      INTEGER,
    normalized_execution_type TEXT,
    normalized_status TEXT,
    normalized_label TEXT,
    PRIMARY KEY (organisation_id, task_id)
) STRICT;

-- The measures of a space's tasks of one product. Scores are in hundredths, durations in milliseconds.
CREATE TABLE task_totals (
    organisation_id INTEGER NOT NULL,
    space_id        INTEGER NOT NULL,
    product_id      TEXT    NOT NULL,
    interested      INTEGER NOT NULL CHECK (interested >= 0),
    call_back       INTEGER NOT NULL CHECK (call_back >= 0),
    send_details    INTEGER NOT NULL CHECK (send_details >= 0),
    not_interested  INTEGER NOT NULL CHECK (not_interested >= 0),
    not_connected   INTEGER NOT NULL CHECK (not_connected >= 0),
    calls_failed    INTEGER NOT NULL CHECK (calls_failed >= 0),
    calls_other     INTEGER NOT NULL CHECK (calls_other >= 0),
    pending         INTEGER NOT NULL CHECK (pending >= 0),
    in_progress     INTEGER NOT NULL CHECK (in_progress >= 0),
    completed       INTEGER NOT NULL CHECK (completed >= 0),
    tasks_failed    INTEGER NOT NULL CHECK (tasks_failed >= 0),
    tasks_other     INTEGER NOT NULL CHECK (tasks_other >= 0),
    score_sum       INTEGER NOT NULL CHECK (score_sum >= 0),
    scored_calls    INTEGER NOT NULL CHECK (scored_calls >= 0),
    duration_sum    INTEGER NOT NULL CHECK (duration_sum >= 0),
    timed_calls     INTEGER NOT NULL CHECK (timed_calls >= 0),
    PRIMARY KEY (organisation_id, space_id, product_id)
) STRICT, WITHOUT ROWID;

-- The measures of a space's tasks of one product by the UTC time of their creation. space_id -1 is the sum of all counted spaces.
-- member is a run or a normalised label; it, agent and direction are '' where they are combined. granularity:
-- 1 quarter hour, 2 hour, 3 day; 4 day, 5 month, by agent and direction; 6 quarter hour, 7 day, by run, agent and direction;
-- 8 hour, 9 day, 10 month, by label. Those of 1, 2, 3, 9 and 10 are summed for all counted spaces too.
CREATE TABLE task_rollups (
    organisation_id INTEGER NOT NULL,
    space_id        INTEGER NOT NULL,
    product_id      TEXT    NOT NULL,
    granularity     INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    member          TEXT    NOT NULL,
    agent           TEXT    NOT NULL,
    direction       TEXT    NOT NULL,
    interested      INTEGER NOT NULL CHECK (interested >= 0),
    call_back       INTEGER NOT NULL CHECK (call_back >= 0),
    send_details    INTEGER NOT NULL CHECK (send_details >= 0),
    not_interested  INTEGER NOT NULL CHECK (not_interested >= 0),
    not_connected   INTEGER NOT NULL CHECK (not_connected >= 0),
    calls_failed    INTEGER NOT NULL CHECK (calls_failed >= 0),
    calls_other     INTEGER NOT NULL CHECK (calls_other >= 0),
    pending         INTEGER NOT NULL CHECK (pending >= 0),
    in_progress     INTEGER NOT NULL CHECK (in_progress >= 0),
    completed       INTEGER NOT NULL CHECK (completed >= 0),
    tasks_failed    INTEGER NOT NULL CHECK (tasks_failed >= 0),
    tasks_other     INTEGER NOT NULL CHECK (tasks_other >= 0),
    score_sum       INTEGER NOT NULL CHECK (score_sum >= 0),
    scored_calls    INTEGER NOT NULL CHECK (scored_calls >= 0),
    duration_sum    INTEGER NOT NULL CHECK (duration_sum >= 0),
    timed_calls     INTEGER NOT NULL CHECK (timed_calls >= 0),
    PRIMARY KEY (organisation_id, space_id, product_id, granularity, starts_at, member, agent, direction)
) STRICT, WITHOUT ROWID;

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
