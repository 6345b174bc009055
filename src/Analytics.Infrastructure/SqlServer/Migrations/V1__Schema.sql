-- Instants are milliseconds since 1970-01-01T00:00:00Z. Texts compare by code point (Latin1_General_100_BIN2).

CREATE TABLE organisations (
    id              bigint NOT NULL PRIMARY KEY,
    handle          nvarchar(99) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
    name            nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- One row an organisation: updating it queues the organisation's writers and names the state that they leave.
CREATE TABLE organisation_versions (
    organisation_id bigint NOT NULL PRIMARY KEY,
    revision        bigint NOT NULL,
    stamp           nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
    changed_at      bigint NOT NULL
);

CREATE TABLE spaces (
    organisation_id bigint NOT NULL,
    id              bigint NOT NULL,
    token           nvarchar(30) COLLATE Latin1_General_100_BIN2 NOT NULL,
    name            nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    content_type    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status          nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, token)
);

CREATE TABLE members (
    organisation_id bigint NOT NULL,
    user_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    role            nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
);

-- A tombstone is a task that was deleted: all but its id and updated_at is NULL.
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
    PRIMARY KEY (organisation_id, task_id)
);

-- The measures of a space's tasks of one product. Scores are in hundredths, durations in milliseconds.
CREATE TABLE task_totals (
    organisation_id bigint NOT NULL,
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
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
);

-- An organisation's batch may hold many row locks: it must not turn them into one on the table, which would stop all others.
ALTER TABLE tasks SET (LOCK_ESCALATION = DISABLE);
ALTER TABLE task_totals SET (LOCK_ESCALATION = DISABLE);

-- What a batch sends.

CREATE TYPE task_ids AS TABLE (
    task_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

CREATE TYPE task_rows AS TABLE (
    task_id         nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
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
    created_at      bigint NULL
);

CREATE TYPE measure_rows AS TABLE (
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
    PRIMARY KEY (space_id, product_id)
);
