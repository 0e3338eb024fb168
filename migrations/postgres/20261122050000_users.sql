-- Users (用户) with their roles, tokens, and what else the API keeps. See the first migration for the rules of types and
-- times.

-- person is the object of the college's data that the user is: teacher/T00001. state is active or disabled.
CREATE TABLE account (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    label TEXT COLLATE "C" NOT NULL,
    person TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL
);

-- What a role may do stands in roles.toml. scope is JSON: layers and reach.
CREATE TABLE account_role (
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name) DEFERRABLE,
    role TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account, role)
);

-- Only the hash of a token is kept. last_used_at is coarse.
CREATE TABLE token (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name) DEFERRABLE,
    note TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C",
    last_used_at TEXT COLLATE "C",
    revoked_at TEXT COLLATE "C",
    revoked_by TEXT COLLATE "C"
);
CREATE UNIQUE INDEX token_sha256 ON token (sha256);
CREATE INDEX token_account ON token (account, at);

-- Drafts (草稿): what somebody is still writing. body is JSON that nobody has checked; revision grows with every save.
CREATE TABLE draft (
    thing TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    base TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
    updated_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (thing, subject)
);
