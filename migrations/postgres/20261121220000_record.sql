-- The record of zhengai on PostgreSQL. Table for table, column for column and guard for guard what the file of the same
-- name says for SQLite; a test compares them. Texts compare by their bytes (COLLATE "C"), as they do on SQLite, so that
-- both databases list in the same order wherever the server comes from. References can be deferred, because a dump is
-- loaded table by table. Never edit a migration that has been released: add another file.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END
$$;

CREATE TABLE meta (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- Numbers that are given out once.
CREATE TABLE counter (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counter (name, last) VALUES ('warning', 0), ('warning_event', 0), ('threshold', 0), ('period_exception', 0);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    thing TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    before_json TEXT COLLATE "C",
    after_json TEXT COLLATE "C",
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_subject ON audit (thing, subject, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

-- The last link of the chain: removing rows at the end shows as well, and writers queue here.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
-- Tells a record from the database of another program.
COMMENT ON TABLE audit_head IS 'zhengai record';

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse('audit rows never change');
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION refuse('audit rows are never removed');
-- Emptying a table fires no trigger of its rows.
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit rows are never removed');

CREATE TABLE user_dataset (
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE indicator_version (
    code TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    meaning BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE INDEX indicator_version_hash ON indicator_version (code, hash);
CREATE TRIGGER indicator_version_never_changes BEFORE UPDATE ON indicator_version
FOR EACH ROW EXECUTE FUNCTION refuse('published versions never change');

CREATE TABLE threshold (
    id BIGINT NOT NULL PRIMARY KEY,
    identity TEXT COLLATE "C" NOT NULL,
    indicator TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    override_json TEXT COLLATE "C",
    why TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    withdrawn_at TEXT COLLATE "C",
    withdrawn_by TEXT COLLATE "C"
);
CREATE UNIQUE INDEX threshold_one_in_force ON threshold (identity) WHERE withdrawn_at IS NULL;
CREATE INDEX threshold_indicator ON threshold (indicator, kind);

CREATE TABLE batch (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dataset TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    sheet TEXT COLLATE "C",
    mode TEXT COLLATE "C" NOT NULL,
    counts TEXT COLLATE "C",
    table_version BIGINT,
    reason TEXT COLLATE "C",
    detail TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX batch_dataset ON batch (dataset, at);
CREATE INDEX batch_state ON batch (state);

CREATE TABLE cycle (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    template_id TEXT COLLATE "C" NOT NULL,
    template TEXT COLLATE "C" NOT NULL,
    layers TEXT COLLATE "C" NOT NULL,
    objects TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    closed_at TEXT COLLATE "C",
    closed_by TEXT COLLATE "C",
    close_reason TEXT COLLATE "C"
);
CREATE INDEX cycle_period ON cycle (period);

CREATE TABLE cycle_step (
    cycle TEXT COLLATE "C" NOT NULL REFERENCES cycle (id) DEFERRABLE,
    position BIGINT NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    round BIGINT NOT NULL,
    entered_at TEXT COLLATE "C",
    left_at TEXT COLLATE "C",
    actor TEXT COLLATE "C",
    evidence TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (cycle, step)
);

CREATE TABLE run (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    cycle TEXT COLLATE "C" REFERENCES cycle (id) DEFERRABLE,
    period TEXT COLLATE "C" NOT NULL,
    layers TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C",
    summary TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C",
    superseded_by TEXT COLLATE "C" REFERENCES run (id) DEFERRABLE
);
CREATE INDEX run_period ON run (period, at);
CREATE INDEX run_cycle ON run (cycle);
CREATE TRIGGER run_settled_never_changes
BEFORE UPDATE OF id, cycle, period, layers, state, request, fingerprint, summary, reason, at, actor, ended_at ON run
FOR EACH ROW WHEN (OLD.state <> 'running') EXECUTE FUNCTION refuse('a settled run never changes');
CREATE TRIGGER run_never_removed BEFORE DELETE ON run
FOR EACH ROW EXECUTE FUNCTION refuse('runs are never removed');
CREATE TRIGGER run_never_emptied BEFORE TRUNCATE ON run
FOR EACH STATEMENT EXECUTE FUNCTION refuse('runs are never removed');

CREATE TABLE finding (
    run TEXT COLLATE "C" NOT NULL REFERENCES run (id) DEFERRABLE,
    seq BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    layer TEXT COLLATE "C" NOT NULL,
    indicator TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C",
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, seq)
);
CREATE INDEX finding_object ON finding (run, kind, object);

-- is_open and the words of the axes repeat what body holds, for indexes and filters. The condition 'withdrawn' marks a
-- pending one that never became a warning; it is kept for its history only.
CREATE TABLE warning (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    is_open BIGINT NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    layer TEXT COLLATE "C" NOT NULL,
    object_name TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    condition TEXT COLLATE "C" NOT NULL,
    handling TEXT COLLATE "C" NOT NULL,
    suppression TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    because TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL,
    assignee TEXT COLLATE "C",
    due TEXT COLLATE "C",
    first_run TEXT COLLATE "C" NOT NULL REFERENCES run (id) DEFERRABLE,
    last_run TEXT COLLATE "C" NOT NULL REFERENCES run (id) DEFERRABLE,
    at TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX warning_one_open ON warning (rule, kind, object, period) WHERE is_open = 1;
CREATE INDEX warning_period ON warning (period, rule, kind, object, id);
CREATE INDEX warning_object ON warning (kind, object);

CREATE TABLE warning_event (
    id BIGINT NOT NULL PRIMARY KEY,
    warning BIGINT NOT NULL REFERENCES warning (id) DEFERRABLE,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    run TEXT COLLATE "C",
    after_json TEXT COLLATE "C" NOT NULL
);
CREATE INDEX warning_event_warning ON warning_event (warning, id);

CREATE TABLE period_state (
    period TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    updated_at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL
);

CREATE TABLE period_exception (
    id BIGINT NOT NULL PRIMARY KEY,
    period TEXT COLLATE "C" NOT NULL,
    dataset TEXT COLLATE "C",
    granted_to TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    revoked_at TEXT COLLATE "C"
);
CREATE INDEX period_exception_period ON period_exception (period);

CREATE TABLE plugin_state (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    enabled BIGINT NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C",
    config TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL
);
