# Messages of the record (core/store).

store-bad-address = { $place } is not the address of a record. Give a SQLite file, for example sqlite:/data/record.db?mode=rwc, or a PostgreSQL database, for example postgres://user@host/zhengai; a database in memory keeps nothing and is refused.
store-unreachable = The record { $place } cannot be opened. Check that the folder exists, the disk is there and you may read and write it, then try again.
store-not-a-database = { $place } is not a database file. Check the data directory; if the file was overwritten, restore it from a backup.
store-damaged = The record { $place } is damaged. Stop writing, keep the file and restore the latest backup; imported rows are in the warehouse folder and not affected.
store-foreign = { $place } is a database of another program, not a record of this one. Nothing was changed. Check the data directory, or give the record a PostgreSQL database of its own.
store-newer = The record { $place } was written by a newer version (schema { $found }, this program knows up to { $known }). Upgrade this program before opening it; nothing was changed.
store-altered-migration = Schema version { $version } of the record { $place } differs from the one in this program. Use the version that made the record, or restore a backup.
store-migration = The record { $place } could not be upgraded and is as it was before. Keep the log and ask your maintainer.
store-busy = The record { $place } is busy and did not answer in time. Make sure that no other program has it open or is holding a lock in it, then try again.
store-full = The disk of the record { $place } is full; the change was not saved. Free some space and try again.
store-read-only = The record { $place } may not be written; the change was not saved. Check the permissions of the file and its folder; with PostgreSQL, check that the server is no standby and not read-only.
store-no-server = No database server answers at { $place }. Check that it runs, that host, port and firewall let you in, and that the address is right (record.url); then try again. Nothing was changed.
store-login = The server at { $place } does not accept user or password. Check the user in record.url and the password in record.password_file or PGPASSFILE, and that pg_hba.conf lets this user in.
store-no-database = There is no such database at { $place }. Let its administrator create one: CREATE DATABASE name OWNER user ENCODING 'UTF8' TEMPLATE template0; then try again.
store-tls = No encrypted connection to { $place } comes about. Check sslmode and sslrootcert in record.url and the certificate of the server.
store-lost = The connection to { $place } broke; the change under way was not saved. Wait until the server runs again and repeat the command.
store-commit-unknown = The connection to { $place } broke while a change was being saved, so it is not certain whether it was. When the server runs again, look whether it is there before you repeat it.
store-exhausted = The server at { $place } has no connection or memory left. Try again later, or let its administrator raise max_connections; one process needs up to nine.
store-not-allowed = The database user of { $place } may not do this; nothing was saved. Make the user owner of the database: ALTER DATABASE name OWNER TO user, and with PostgreSQL 15 or later GRANT ALL ON SCHEMA public TO user.
store-nul-in-text = A text holds the character U+0000, which PostgreSQL cannot keep; nothing was saved in { $place }. Clean the source of that text, or keep the record in SQLite.
store-not-utf8 = The database at { $place } keeps texts in { $encoding }, which cannot hold Chinese. Create one with ENCODING 'UTF8' TEMPLATE template0; nothing was changed.
store-in-use = Another process, perhaps on another machine, works on the record at { $place }. Wait until it ends; one data directory belongs to one record.
store-not-empty = The record at { $place } holds something already, and a dump goes into an empty one only; nothing was changed. Name a new database or file.
store-bad-dump = Line { $line } of the dump { $rule ->
    [form] is not the head of a dump of this program; check that it is the right file
    [schema] names a schema version that this program never had
    [line] cannot be read or stands in the wrong place
    [table] does not fit the schema
    [count] counts other rows than there are
    [hash] does not agree with what comes before: the dump was changed or damaged
    [chain] breaks the audit chain
    [cut] is the last one, although the dump is not at its end: it was cut off
   *[other] breaks the rule { $rule }
}. Nothing was loaded; take another copy of the dump.
store-dump-io = The dump could not be read or written. Check the disk and the rights of the file, then try again.
store-spoilt = A change went on after an error ({ $code }) and was not saved. Keep the log and ask your maintainer.
store-refused = The record { $place } refused the operation; the change was not saved. Keep the log and ask your maintainer.
store-bad-row = Column { $column } of table { $table } in the record holds something unreadable, perhaps changed by another tool. Run zhengai audit verify and restore a backup.
store-encode = Something cannot be written as JSON; the change was not saved. Keep the log and ask your maintainer.
store-not-a-word = { $json } should be a single state word; the change was not saved. Keep the log and ask your maintainer.
store-not-found = There is no { $thing ->
    [batch] batch
    [run] run
    [cycle] cycle
    [step] step
    [warning] warning
    [indicator] indicator
    [threshold] threshold
    [dataset] user dataset
    [plugin] plugin
    [period] period
    [exception] exception
    [setting] setting
    [source] source
    [sync] sync
    [draft] draft
    [user] user
    [role] role
    [token] token
   *[other] { $thing }
} { $id }. List what there is and check the id.
store-exists = There is a { $thing ->
    [batch] batch
    [run] run
    [cycle] cycle
    [step] step
    [warning] warning
    [indicator] version of indicator
    [threshold] threshold
    [dataset] user dataset
    [plugin] plugin
    [period] period
    [exception] exception
    [setting] setting
    [source] source
    [sync] sync
    [draft] draft
    [user] user
    [role] role
    [token] token
   *[other] { $thing }
} { $id } already. Choose another id.
store-wrong-state = { $thing ->
    [batch] Batch
    [run] Run
    [cycle] Cycle
    [warning] Warning
    [threshold] Threshold
    [period] Period
    [exception] Exception
    [sync] Sync
    [draft] Draft
    [token] Token
   *[other] { $thing }
} { $id } is { $from } and cannot become { $to }. Look at its present state first.
store-run-settled = Run { $run } is { $state } and does not change any more. Diagnose again to get new results.
store-cannot-supersede = Run { $run } cannot be superseded by { $by }: both must be finished, of one period, and neither superseded already.
store-cycle-closed = Cycle { $cycle } is closed and takes no more runs or steps. Create another cycle.
store-step-not-allowed = Cycle { $cycle } is at step { $from }, and its template does not let { $to } follow. Look at the order of its steps.
store-no-steps = Cycle template { $template } has no steps, so no cycle can be made of it. Write at least one step.
store-warning-open = A warning of the same rule, object and period is open already. Handle that one.
store-stale = { $thing ->
    [warning] Warning
    [draft] Draft
    [period] Period
   *[other] { $thing }
} { $id } was just changed by somebody else; this change was not saved. Look at it again first.
store-stale-warnings = At least { $count } warnings were handled by people while the diagnosis ran; its result was not saved. Diagnose again.
store-reason-missing = { $action } needs a reason. Give one and try again.
store-exception-over = The exception for period { $period } would end on { $until }, which is not after today. Give a later day.
store-period-signed = Period { $period } is signed and reported; it does not change any more.
store-nobody = It is not known who does this. Give a name and a role and try again.
