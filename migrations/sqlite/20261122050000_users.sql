-- Users (用户) with their roles, tokens, and what else the API keeps. See the first migration for the rules of types and
-- times.

-- person is the object of the college's data that the user is: teacher/T00001. state is active or disabled.
CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    person TEXT,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

-- What a role may do stands in roles.toml. scope is JSON: layers and reach.
CREATE TABLE account_role (
    account TEXT NOT NULL REFERENCES account (name),
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (account, role)
);

-- Only the hash of a token is kept. last_used_at is coarse.
CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    note TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    expires_at TEXT,
    last_used_at TEXT,
    revoked_at TEXT,
    revoked_by TEXT
);
CREATE UNIQUE INDEX token_sha256 ON token (sha256);
CREATE INDEX token_account ON token (account, at);

-- Drafts (草稿): what somebody is still writing. body is JSON that nobody has checked; revision grows with every save.
CREATE TABLE draft (
    thing TEXT NOT NULL,
    subject TEXT NOT NULL,
    base TEXT,
    body TEXT NOT NULL,
    revision BIGINT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (thing, subject)
);
