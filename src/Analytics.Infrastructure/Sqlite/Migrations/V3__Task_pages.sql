-- The tasks of a product, newest first: all of them, and those of one run, agent, outcome, status or space. Each page of a
-- list is read from one of these in its order, so that it costs the same wherever in the list it lies, also where next to
-- nothing matches. Most tasks end as completed: those are found by their time.
CREATE INDEX tasks_by_time ON tasks (organisation_id, product_id, created_at DESC, task_id);
CREATE INDEX tasks_by_run ON tasks (organisation_id, product_id, run_id, created_at DESC, task_id);
CREATE INDEX tasks_by_agent ON tasks (organisation_id, product_id, agent, created_at DESC, task_id);
CREATE INDEX tasks_by_outcome ON tasks (organisation_id, product_id, outcome, created_at DESC, task_id);
CREATE INDEX tasks_by_status ON tasks (organisation_id, product_id, LOWER(TRIM(status)), created_at DESC, task_id)
    WHERE LOWER(TRIM(status)) <> 'completed';
CREATE INDEX tasks_by_space ON tasks (organisation_id, product_id, space_id, created_at DESC, task_id);
