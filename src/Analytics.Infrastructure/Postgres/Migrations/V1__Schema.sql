-- Instants are milliseconds since 1970-01-01T00:00:00Z. Texts that are compared do so by code point (COLLATE "C").
-- Every key but the catalogue's begins with the organisation, so that an organisation can lie on one server of many.

CREATE TABLE organisations (
    id     bigint NOT NULL PRIMARY KEY,
    handle text   COLLATE "C" NOT NULL UNIQUE,
    name   text   NOT NULL,
    status text   COLLATE "C" NOT NULL
);

-- One row an organisation: updating it queues the organisation's writers and names the state that they leave.
-- It changes with every write: room beside it keeps its new versions on its page.
CREATE TABLE organisation_versions (
    organisation_id bigint NOT NULL PRIMARY KEY,
    revision        bigint NOT NULL,
    stamp           text   COLLATE "C" NOT NULL,
    changed_at      bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE spaces (
    organisation_id bigint NOT NULL,
    id              bigint NOT NULL,
    token           text   COLLATE "C" NOT NULL,
    name            text   NOT NULL,
    content_type    text   COLLATE "C" NOT NULL,
    status          text   COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, token)
);

CREATE TABLE members (
    organisation_id bigint NOT NULL,
    user_id         text   COLLATE "C" NOT NULL,
    role            text   NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
);

-- A tombstone is a task that was deleted: all but its id and updated_at is NULL.
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

-- On Citus the catalogue is on every server, and all that is an organisation's on one. Nothing else there is special.
DO $citus$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('organisations');
        PERFORM create_distributed_table('organisation_versions', 'organisation_id');
        PERFORM create_distributed_table('spaces', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('members', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('tasks', 'organisation_id', colocate_with => 'organisation_versions');
        PERFORM create_distributed_table('task_totals', 'organisation_id', colocate_with => 'organisation_versions');
    END IF;
END
$citus$;
