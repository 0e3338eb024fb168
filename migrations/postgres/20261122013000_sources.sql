-- Sources (数据源) that a connector reads again and again, how far each stream was read, and what an administrator said
-- about the code of plugins. See the first migration for the rules of types and times.

-- config holds references to secrets, never a secret. streams is JSON: [{stream, dataset, mapping, mode}].
CREATE TABLE source (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plugin TEXT COLLATE "C" NOT NULL,
    component TEXT COLLATE "C" NOT NULL,
    config TEXT COLLATE "C" NOT NULL,
    streams TEXT COLLATE "C" NOT NULL,
    review TEXT COLLATE "C",
    enabled BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX source_plugin ON source (plugin);

-- How far a stream was read: written by the transaction that sets its batch to applied, and by nothing else.
CREATE TABLE source_cursor (
    source TEXT COLLATE "C" NOT NULL REFERENCES source (id) DEFERRABLE,
    stream TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    batch TEXT COLLATE "C" NOT NULL REFERENCES batch (id) DEFERRABLE,
    at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, stream)
);

-- One sync of a source. It stays when the source is removed.
CREATE TABLE sync_run (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    source TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    summary TEXT COLLATE "C",
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C"
);
CREATE INDEX sync_run_source ON sync_run (source, at);

-- files_sha256 pins the text files of a plugin beside its library; faults counts crashes since it was last enabled;
-- quarantine is JSON: which library, why, when.
ALTER TABLE plugin_state ADD COLUMN files_sha256 TEXT COLLATE "C";
ALTER TABLE plugin_state ADD COLUMN trusted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plugin_state ADD COLUMN faults BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plugin_state ADD COLUMN quarantine TEXT COLLATE "C";
