-- The measures of a space's tasks of one product by the time that they belong to, in UTC. space_id -1 is all spaces that count
-- together. grain is how long a row's stretch of time is: 1 a quarter of an hour, 2 an hour, 3 a day, of all agents and
-- directions together (agent and direction are ''); 4 a quarter of an hour, 5 a day, 6 a month, by agent and direction.
CREATE TABLE task_periods (
    organisation_id bigint  NOT NULL,
    space_id        bigint  NOT NULL,
    product_id      text    COLLATE "C" NOT NULL,
    grain           integer NOT NULL,
    starts_at       bigint  NOT NULL,
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
    PRIMARY KEY (organisation_id, space_id, product_id, grain, starts_at, agent, direction)
);

-- The revision up to which task_periods is kept. Where it is behind, the organisation's rows are still to be filled: nobody
-- reads them, and writers leave them alone.
ALTER TABLE organisation_versions ADD COLUMN periods_revision bigint NOT NULL DEFAULT -1;

DO $citus$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_distributed_table('task_periods', 'organisation_id', colocate_with => 'organisation_versions');
    END IF;
END
$citus$;
