-- The measures of a space's tasks of one product by the time that they belong to, in UTC. space_id -1 is all spaces that count
-- together. grain is how long a row's stretch of time is: 1 a quarter of an hour, 2 an hour, 3 a day, of all agents and
-- directions together (agent and direction are ''); 4 a quarter of an hour, 5 a day, 6 a month, by agent and direction.
CREATE TABLE task_periods (
    organisation_id INTEGER NOT NULL,
    space_id        INTEGER NOT NULL,
    product_id      TEXT    NOT NULL,
    grain           INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
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
    PRIMARY KEY (organisation_id, space_id, product_id, grain, starts_at, agent, direction)
) STRICT, WITHOUT ROWID;

-- The revision up to which task_periods is kept. Where it is behind, the organisation's rows are still to be filled: nobody
-- reads them, and writers leave them alone.
ALTER TABLE organisation_versions ADD COLUMN periods_revision INTEGER NOT NULL DEFAULT -1;
