-- The record of zhengai on SQLite. Only TEXT and BIGINT columns, so that one SQL text in core/store serves every
-- database. Times are UTC texts with six digits after the second; days are ISO dates; JSON is text. Never edit a
-- migration that has been released: add another file.

-- 'ZHAI': tells a record from the database of another program.
PRAGMA application_id = 1514684745;

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Numbers that are given out once.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counter (name, last) VALUES ('warning', 0), ('warning_event', 0), ('threshold', 0), ('period_exception', 0);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    thing TEXT NOT NULL,
    subject TEXT NOT NULL,
    why TEXT,
    before_json TEXT,
    after_json TEXT,
    hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (thing, subject, seq);
CREATE INDEX audit_actor ON audit (actor, seq);

-- The last link of the chain: removing rows at the end shows as well, and writers queue here.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;

CREATE TABLE user_dataset (
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE indicator_version (
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    meaning BIGINT NOT NULL,
    body TEXT NOT NULL,
    note TEXT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE INDEX indicator_version_hash ON indicator_version (code, hash);
CREATE TRIGGER indicator_version_never_changes BEFORE UPDATE ON indicator_version
BEGIN SELECT RAISE(ABORT, 'published versions never change'); END;

CREATE TABLE threshold (
    id BIGINT NOT NULL PRIMARY KEY,
    identity TEXT NOT NULL,
    indicator TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    override_json TEXT,
    why TEXT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    withdrawn_at TEXT,
    withdrawn_by TEXT
);
CREATE UNIQUE INDEX threshold_one_in_force ON threshold (identity) WHERE withdrawn_at IS NULL;
CREATE INDEX threshold_indicator ON threshold (indicator, kind);

CREATE TABLE batch (
    id TEXT NOT NULL PRIMARY KEY,
    dataset TEXT NOT NULL,
    state TEXT NOT NULL,
    file TEXT NOT NULL,
    sheet TEXT,
    mode TEXT NOT NULL,
    counts TEXT,
    table_version BIGINT,
    reason TEXT,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX batch_dataset ON batch (dataset, at);
CREATE INDEX batch_state ON batch (state);

CREATE TABLE cycle (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    template_id TEXT NOT NULL,
    template TEXT NOT NULL,
    layers TEXT NOT NULL,
    objects TEXT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    close_reason TEXT
);
CREATE INDEX cycle_period ON cycle (period);

CREATE TABLE cycle_step (
    cycle TEXT NOT NULL REFERENCES cycle (id),
    position BIGINT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    round BIGINT NOT NULL,
    entered_at TEXT,
    left_at TEXT,
    actor TEXT,
    evidence TEXT NOT NULL,
    PRIMARY KEY (cycle, step)
);

CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY,
    cycle TEXT REFERENCES cycle (id),
    period TEXT NOT NULL,
    layers TEXT NOT NULL,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    fingerprint TEXT,
    summary TEXT,
    reason TEXT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    ended_at TEXT,
    superseded_by TEXT REFERENCES run (id)
);
CREATE INDEX run_period ON run (period, at);
CREATE INDEX run_cycle ON run (cycle);
CREATE TRIGGER run_settled_never_changes
BEFORE UPDATE OF id, cycle, period, layers, state, request, fingerprint, summary, reason, at, actor, ended_at ON run
WHEN OLD.state <> 'running'
BEGIN SELECT RAISE(ABORT, 'a settled run never changes'); END;
CREATE TRIGGER run_never_removed BEFORE DELETE ON run
BEGIN SELECT RAISE(ABORT, 'runs are never removed'); END;

CREATE TABLE finding (
    run TEXT NOT NULL REFERENCES run (id),
    seq BIGINT NOT NULL,
    what TEXT NOT NULL,
    layer TEXT NOT NULL,
    indicator TEXT,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    object_name TEXT NOT NULL,
    level TEXT,
    detail TEXT NOT NULL,
    PRIMARY KEY (run, seq)
);
CREATE INDEX finding_object ON finding (run, kind, object);

-- is_open and the words of the axes repeat what body holds, for indexes and filters. The condition 'withdrawn' marks a
-- pending one that never became a warning; it is kept for its history only.
CREATE TABLE warning (
    id BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    is_open BIGINT NOT NULL,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    period TEXT NOT NULL,
    layer TEXT NOT NULL,
    object_name TEXT NOT NULL,
    level TEXT NOT NULL,
    condition TEXT NOT NULL,
    handling TEXT NOT NULL,
    suppression TEXT NOT NULL,
    body TEXT NOT NULL,
    because TEXT NOT NULL,
    mode TEXT NOT NULL,
    assignee TEXT,
    due TEXT,
    first_run TEXT NOT NULL REFERENCES run (id),
    last_run TEXT NOT NULL REFERENCES run (id),
    at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX warning_one_open ON warning (rule, kind, object, period) WHERE is_open = 1;
CREATE INDEX warning_period ON warning (period, rule, kind, object, id);
CREATE INDEX warning_object ON warning (kind, object);

CREATE TABLE warning_event (
    id BIGINT NOT NULL PRIMARY KEY,
    warning BIGINT NOT NULL REFERENCES warning (id),
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    why TEXT,
    run TEXT,
    after_json TEXT NOT NULL
);
CREATE INDEX warning_event_warning ON warning_event (warning, id);

CREATE TABLE period_state (
    period TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    why TEXT,
    updated_at TEXT NOT NULL,
    actor TEXT NOT NULL
);

CREATE TABLE period_exception (
    id BIGINT NOT NULL PRIMARY KEY,
    period TEXT NOT NULL,
    dataset TEXT,
    granted_to TEXT NOT NULL,
    why TEXT NOT NULL,
    until TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    revoked_at TEXT
);
CREATE INDEX period_exception_period ON period_exception (period);

CREATE TABLE plugin_state (
    id TEXT NOT NULL PRIMARY KEY,
    enabled BIGINT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT,
    config TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    actor TEXT NOT NULL
);
