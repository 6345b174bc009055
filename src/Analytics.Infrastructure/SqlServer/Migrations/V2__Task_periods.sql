-- The measures of a space's tasks of one product by the time that they belong to, in UTC. space_id -1 is all spaces that count
-- together. grain is how long a row's stretch of time is: 1 a quarter of an hour, 2 an hour, 3 a day, of all agents and
-- directions together (agent and direction are ''); 4 a quarter of an hour, 5 a day, 6 a month, by agent and direction.
CREATE TABLE task_periods (
    organisation_id bigint NOT NULL,
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    grain           int NOT NULL,
    starts_at       bigint NOT NULL,
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    direction       nvarchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
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

ALTER TABLE task_periods SET (LOCK_ESCALATION = DISABLE);

-- The revision up to which task_periods is kept. Where it is behind, the organisation's rows are still to be filled: nobody
-- reads them, and writers leave them alone.
ALTER TABLE organisation_versions ADD periods_revision bigint NOT NULL CONSTRAINT periods_not_filled DEFAULT -1;

-- What a batch sends.
CREATE TYPE period_rows AS TABLE (
    space_id        bigint NOT NULL,
    product_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    grain           int NOT NULL,
    starts_at       bigint NOT NULL,
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
    PRIMARY KEY (space_id, product_id, grain, starts_at, agent, direction)
);

-- What a question sends: stretches of time, each cut into steps of one length.
CREATE TYPE period_runs AS TABLE (
    run             int NOT NULL PRIMARY KEY,
    space_id        bigint NOT NULL,
    grain           int NOT NULL,
    first_at        bigint NOT NULL,
    last_at         bigint NOT NULL,
    step            bigint NOT NULL
);

CREATE TYPE agent_names AS TABLE (
    agent           nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);
