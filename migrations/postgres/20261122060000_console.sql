-- What the console lists, sorts and groups by. See the first migration for the rules of types and times.

-- severity is the rank of the level when a run last looked (the most severe has the highest). unit is the path of the
-- object's units, the coarsest first: '>department/D1>major/M1>class/C1>'; whatever lies below a unit has its step in it,
-- and the college itself has none. cause is what an inhibited warning waits for.
ALTER TABLE warning ADD COLUMN severity BIGINT NOT NULL DEFAULT 0;
ALTER TABLE warning ADD COLUMN unit TEXT COLLATE "C";
ALTER TABLE warning ADD COLUMN cause TEXT COLLATE "C";
-- One index answers every filter, order and count of the list without the rows themselves, which are wide; the order in
-- which people read comes first.
CREATE INDEX warning_worst ON warning (is_open, severity, id, rule, handling, condition, suppression, level, layer, kind,
    period, object, object_name, unit, assignee, due, cause, last_run);
CREATE INDEX warning_assignee ON warning (assignee, is_open) WHERE assignee IS NOT NULL;
CREATE INDEX warning_cause ON warning (cause, is_open) WHERE cause IS NOT NULL;
