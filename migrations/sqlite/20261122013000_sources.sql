-- Sources (数据源) that a connector reads again and again, how far each stream was read, and what an administrator said
-- about the code of plugins. See the first migration for the rules of types and times.

-- config holds references to secrets, never a secret. streams is JSON: [{stream, dataset, mapping, mode}].
CREATE TABLE source (
    id TEXT NOT NULL PRIMARY KEY,
    plugin TEXT NOT NULL,
    component TEXT NOT NULL,
    config TEXT NOT NULL,
    streams TEXT NOT NULL,
    review TEXT,
    enabled BIGINT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX source_plugin ON source (plugin);

-- How far a stream was read: written by the transaction that sets its batch to applied, and by nothing else.
CREATE TABLE source_cursor (
    source TEXT NOT NULL REFERENCES source (id),
    stream TEXT NOT NULL,
    state TEXT NOT NULL,
    batch TEXT NOT NULL REFERENCES batch (id),
    at TEXT NOT NULL,
    PRIMARY KEY (source, stream)
);

-- One sync of a source. It stays when the source is removed.
CREATE TABLE sync_run (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    summary TEXT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX sync_run_source ON sync_run (source, at);

-- files_sha256 pins the text files of a plugin beside its library; faults counts crashes since it was last enabled;
-- quarantine is JSON: which library, why, when.
ALTER TABLE plugin_state ADD COLUMN files_sha256 TEXT;
ALTER TABLE plugin_state ADD COLUMN trusted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plugin_state ADD COLUMN faults BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plugin_state ADD COLUMN quarantine TEXT;
