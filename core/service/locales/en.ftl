# Messages of the use cases.
config-sample-head = Configuration of zhengai. Remove the # to change a value; what is absent keeps its default. `zhengai config explain` shows origins.
config-college-id = Identity of the college and partition of its data; do not change it later.
config-college-name = Name of the college, printed on reports.
config-language = Language: zh-CN or en; empty follows the locale.
config-import-review = auto applies batches without alarming findings, hold waits for a person.
config-import-max-delete-share = Largest share of rows that one full load may delete (0 to 1).
config-import-hold-reject-share = Share of rejected rows above which a batch waits for a person (0 to 1).
config-import-max-unpacked-bytes = Largest unpacked size of a workbook, in bytes.
config-import-max-line-bytes = Longest line, in bytes.
config-import-max-cells = Most cells of one sheet.
config-sync-chunk-rows = Rows of a stream after which a batch closes at the next checkpoint.
config-sync-attempts = Tries in a row without new rows after which a sync stops.
config-sync-first-wait-ms = Milliseconds before the first retry; each further wait is twice as long.
config-sync-longest-wait-ms = Longest wait between two tries, in milliseconds.
config-workers-memory-mb = Memory of a plugin's worker process, in MB.
config-workers-cpu-seconds = Processor time of one job of a worker, in seconds.
config-workers-open-files = Files that a worker may have open.
config-workers-stall-seconds = Seconds of silence after which a worker counts as stalled.
config-workers-grace-seconds = Seconds that a worker gets to stop by itself.
config-engine-view = Hierarchy: as-was, as-is or a date.
config-portrait-min-peers = How many peers, the object included, a portrait needs before it compares with them.
config-console-language = Language of the console: zh-CN or en; empty follows language, then the locale.
config-console-theme = Theme of the console: dark, light, high-contrast, colour-blind or mono.
config-console-glyphs = Glyphs of the console: auto, unicode or ascii; auto asks the terminal.
config-console-ambiguous = Cells of characters of open width: auto, narrow or wide; auto asks the terminal.
config-console-mouse = Whether the console takes the mouse: on or off; F12 turns it at any time.
config-record-url = Database of the record: empty for record.db of the data directory, or postgres://user@host/database?sslmode=verify-full. Change it with zhengai record move.
config-record-password-file = File with the password of the record's database, readable for its owner only; a relative path starts at the data directory.
config-serve-listen = Address and port on which zhengai serve listens. Other addresses than those of this computer need a certificate.
config-serve-tls-certificate = File with the server's certificates (PEM, its own first); a relative path starts at the data directory.
config-serve-tls-key = File with the key of the certificate (PEM), readable for its owner only.
config-serve-clear = Where requests may come in unencrypted: loopback, or anywhere (only behind something that encrypts).
config-serve-hosts = Names under which the server is reached, separated by commas; empty takes any, on loopback only those of this computer.
config-serve-connections = Connections at a time.
config-serve-requests = Requests at a time; more are turned away.
config-serve-requests-per-second = Requests a second of one user or address.
config-serve-burst = Requests that may come at once.
config-serve-failures-per-minute = Wrong tokens a minute from one address.
config-serve-header-seconds = Seconds that the head of a request may take.
config-serve-body-seconds = Seconds that the body of a request may stand still.
config-serve-request-seconds = Seconds until an answer must begin.
config-serve-write-wait-seconds = Seconds that a request waits for its turn to write.
config-serve-stop-seconds = Seconds that jobs get to end when the server stops.
config-serve-jobs = Jobs that wait or run at a time.
config-serve-upload-bytes = Largest upload, in bytes.
config-serve-uploads-bytes = Most that all uploads may take together, in bytes.
config-origin-default = default
config-origin-file = file
config-origin-environment = environment
config-origin-flag = flag
batch-reason-review = held for review, as set
batch-reason-rejects = more rows were rejected than the set share
batch-reason-truncated = the file may be truncated
batch-reason-interrupted = the program was interrupted; no row was written
service-no-college = There is no college in { $data }. Run `zhengai --data { $data } init` first, or name an existing one with --data.
service-not-empty = { $data } is not empty. Choose another directory, or empty it first.
service-directory-busy = Another zhengai process ({ $holder }) is writing to { $data }. Wait for it to end; nothing was changed.
service-record-of-other = The record at { $place } belongs to another data directory (college { $college }). Nothing was changed. Check record.url; if that directory is no longer used, run zhengai record claim --why REASON here.
service-password-exposed = Others may read the password file { $path }. Let nobody but you read it (chmod 600), then try again.
service-setting-elsewhere = { $key } is set by { $origin ->
    [environment] an environment variable (ZHENGAI_RECORD_URL)
   *[other] --set
}, which is stronger than the file. Take it away first; nothing was changed.
service-config-by-hand = { $key } stands in { $path } in a form that is not changed by program. Nothing was changed. Take it out, or bring it into this form: { $lines }
service-record-lost = The record { $path } is gone or empty while the tables are there. No new record was made and nothing was changed. Put the old record.db (with its record.db-wal) back, or restore the whole data directory from a backup.
service-table-lost = The table of dataset { $dataset } is gone: { $path } does not exist, although the record tells of applied batches. Nothing was changed. Put it back (is its disk mounted?), or restore it from a backup.
service-no-home = There are no plugins and config folders in { $looked }. Set ZHENGAI_HOME to the installation folder.
service-io = Cannot use { $path }: { $problem }
service-io-not-found = { $path } does not exist. Check the path.
service-not-a-file = { $path } is a folder, a pipe or a device. Save the rows as a file and import that.
service-io-denied = No permission for { $path }. Check its permissions.
service-io-read-only = { $path } is on a read-only disk; nothing was written.
service-io-full = The disk is full: { $path } could not be written. Free some space and try again; committed data are safe.
service-bad-file = { $path }, line { $line }, column { $column }: { $problem }
service-unknown-setting = There is no setting `{ $key }`. Settings: { $known }
service-bad-setting = `{ $key }` cannot be `{ $value }`. `zhengai config sample` explains each setting.
service-packs = The packs have { $count } faults, listed below. Mend them and try again.
service-indicators = The indicators have { $count } faults, listed below. Mend them and try again.
service-fields = The form has { $count } fields that are not good, listed below. Mend them and try again.
service-draft-moved = { $code } was changed by { $by } since this draft was begun. Look at what differs, take it into the draft, then publish again.
service-draft-weights = The weights of the indicators at { $point } sum to { $sum }, not to 100.
service-threshold = The threshold was not set; reasons: { $count }, listed below. Mend it and try again; where it must be below a standard above, whoever answers for it gives the reason by --override and the last day by --until.
service-threshold-nation = What the nation demands comes in policy packs; a college does not set it. Use province, college or a narrower scope.
service-threshold-grain = { $indicator } is not computed for { $kind }; the threshold would never be used.
service-threshold-level = Only warning values have a level, not { $kind }.
service-what = { $what ->
    [plugin-language] language of plugins (--lang rust or --lang c)
    [group] group of checks
    [threshold-kind] kind of threshold (start, process, target, standard, warning, recovery)
    [offset] offset (0 to 1000000000)
    [row-length] number of cells of a row (each row needs as many as there are columns)
    [cycle-template] cycle template
    [column] column
    [step] step
    [user-name] user name (1 to 64 visible characters without blanks, / and quotes)
    [days] number of days (1 to 3650)
    [note] note for the token (it may not be empty)
    [object-kind] kind of object
    [version] version number
   *[other] { $what }
}
service-not-found = There is no { service-what } `{ $name }`. The list command shows what there is.
service-not-found-near = There is no { service-what } `{ $name }`. Did you mean { $near }?
service-bad-argument = `{ $value }` is not a valid { service-what }. How one is written: --help on the command line, /v1/openapi.json for the API.
service-unknown-purpose = There is no purpose `{ $named }`. Name one of these (--purpose or the header x-purpose): { $known }
service-state = { $state ->
    [held] waiting for review
    [applying] being applied
    [staging] being staged
    [changed] changed on disk and therefore disabled
   *[other] { $state }
}
service-wrong-state = The { service-what } { $name } is { service-state }; that forbids this. { $what ->
    [batch] Only a batch that waits for review can be approved or rejected.
    [run] Only a finished run has results; see `zhengai run list`.
    [cycle] A closed cycle takes no more runs; create another one.
    [source] source
    [stream] stream
    [secret] name of a secret
    [connector] connector plugin
    [source] Enable it first: zhengai source enable { $name }
    [plugin] Enable it first: zhengai plugin enable { $name }
   *[other] {""}
}
service-mapping-for-other = The mapping was written for dataset { $mapping }, the command says { $dataset }. Change --dataset or the mapping.
service-period-locked = { $rows } rows fall into period { $period }, which is { service-state }. Unlock it (`zhengai period unlock`) or leave those rows out. Nothing was written.
service-cancelled = Stopped as asked. What was committed is there; what was not left no trace.
service-computed-dataset = Dataset { $dataset } is computed by a plugin; nothing can be imported into it.
service-sheet-full = { $rows } rows do not fit into { $path }: one sheet takes { $most }. Use .csv or .parquet instead.
service-workbook = Cannot write { $path }: { $problem }
service-template = The report template is wrong: { $problem }
service-internal = Internal error: { $what }. Please report it with the log.
service-quarantined = Plugin { $plugin } { $version } kept failing and was quarantined on { $day }; other plugins go on. When it is mended or replaced, release it: zhengai plugin enable { $plugin }. What failed last:
service-shipped-plugin = Plugin { $plugin } ships with the program and runs in its process anyway; it needs no trust.
service-secret-missing = The setting { $field } names the secret { $secret }, which was never set. Run zhengai secret set { $secret } first.
service-secret-empty = The value of secret { $secret } is empty; nothing was kept. Give it on standard input or with --file.
service-secret-in-use = Secret { $secret } is used by source { $source } and cannot be removed. Change or remove the source first.
service-fetches-nothing = No source can be made of { $plugin }: it fetches nothing by itself. Files are brought in by an import; a source needs a connector to another system (docs/sources.md).
service-choose-component = Plugin { $plugin } has no component “{ $wanted }”. Name one with --component: { $known }
service-no-catalogue = Connector { $plugin } does not tell which streams it has. Name them in a --streams file.
service-no-streams = Source { $source } has no streams to read: none bears the name of a dataset. See them with zhengai source discover, and say in a --streams file which goes into which dataset.
service-source-waits = Batch { $batch } of source { $source } still waits for review. Approve or refuse it, then remove the source.
sync-notice-again = { $stream }: the read broke off and was taken up again from the last commit. The cause:
sync-notice-from-start = { $stream }: the connector cannot resume; it was read from the beginning.
sync-notice-quarantined = { $stream }: plugin { $plugin } failed twice; this version is quarantined. When it is mended or replaced: zhengai plugin enable { $plugin }.

# Reports.
report-title = Self-diagnosis report on quality assurance
report-facts = 1. Basic facts
report-counts = 2. Results
report-points = 3. Control points
report-problems = 4. Problems, causes, improvement
report-warnings = Warnings
report-gaps = Data gaps
report-sources = Data
report-provenance = Provenance
report-overview = Verdicts by layer
report-all = All
report-varies = varies
report-layer = Layer
report-point = Control point
report-indicator = Indicator
report-code = Code
report-name = Name
report-item = Item
report-value = Value
report-unit = Unit
report-target = Target
report-standard = Standard
report-warning-value = Warning value
report-objects = Objects
report-met-share = Standard met
report-verdict = Verdict
report-other = Other
report-unmet-change = Unmet, change
report-warnings-change = Warnings, change
report-counts-note = Each indicator counts once for each object; indicators without a standard are shown and counted under Other.
report-compared-with = Compared with:
report-no-previous = There is no earlier run to compare with.
report-unverified = unverified
report-unverified-note = Thresholds marked unverified have not been checked against their source yet.
report-object = Object
report-object-id = Id
report-more = Not listed:
report-advice = Advice
report-cause = Causes
report-measure = Measures
report-effect = Effect
report-effect-note = (filled in by the responsible person after the improvement)
report-none = None.
report-level = Level
report-rule = Rule
report-because = Because
report-handling = Handling
report-reason = Reason
report-dataset = Dataset
report-rows = Rows
report-version = Version
report-file = Latest file
report-applied = Applied
report-synthetic = The data behind this report are synthetic, made for training; they describe no real college.
report-footer = Generated by zhengai from the results of a diagnosis run. Causes, measures and effect are for the responsible people to fill in.
report-sheet-summary = Summary
report-sheet-counts = Counts
report-sheet-points = Control points
report-sheet-problems = Problems
report-sheet-warnings = Warnings
report-sheet-gaps = Data gaps
report-sheet-sources = Data
report-fact-period = Period
report-fact-run = Run
report-fact-started = Diagnosed at
report-fact-indicators = Indicators
report-fact-objects = Objects
report-fact-layers = Layers
report-fact-fingerprint = Fingerprint
report-fact-view = Hierarchy view
report-fact-engine = Program version
report-fact-actor = Run by
verdict-achieved = Target achieved
verdict-met = Standard met
verdict-unmet = Standard unmet
verdict-undetermined = Undetermined
verdict-not-applicable = Not applicable
verdict-not-due = Not due
verdict-unjudged = No standard
state-number = Number
state-undetermined = Undetermined
state-not-applicable = Not applicable
state-not-due = Not due
gap-no-data = No data
gap-input = An indicator that it reads has no value
gap-zero-denominator = Zero denominator
gap-below-minimum = Too few cases
gap-overflow = Out of range
gap-population = Not applicable: outside the population
gap-layer-disabled = Not applicable: a layer that it needs is off
gap-closed = Not applicable: did not exist in the period
gap-idle = Not applicable: nothing took place in the period, for example no lessons
service-no-run = There is no finished run yet. Run `zhengai diagnose --period PERIOD` first.
list-separator = {"; "}
reject-line = line
reject-column = column
reject-rule = rule
reject-reason = reason
reject-sheet = rejected rows
handling-new = New
handling-acknowledged = Acknowledged
handling-in-progress = In progress
handling-resolved = Resolved
handling-reopened = Reopened

# Training college
service-demo-students = A training college cannot have { $students } students: at least { $least }, at most { $most }. Give a number between them with --students.
service-demo-write = Cannot write { $path } of the training college: { $detail }. Check free space and permission, then try again.
report-yes = yes
report-no = no
report-within = in
backup-exists = { $path } exists already. Backups are never overwritten: give another name.
backup-inside = { $path } lies inside the data directory. A backup there is lost together with it: give a place on another disk.
backup-contradiction = The record says that { $wanted } is in { $table }, and the table (version { $found }) does not have it. A backup of that would pass the damage on. Run zhengai doctor.
backup-file-gone = { $path } is gone, and { $table } needs it. A backup without it could not be restored. Run zhengai doctor.
backup-unquiet = In { $attempts } attempts there was no moment at which held batches stood still. Try again when fewer people approve batches.
backup-moving = { $path } changed while it was being read. Try again.
backup-no-backup = { $archive } is no backup of zhengai.
backup-format = { $archive } has format { $found }, written by zhengai { $program }. Use a zhengai of that version or a later one.
backup-damaged = { $archive } is damaged: { $entry ->
    [SHA256] its end
   *[other] { $entry }
} { $what ->
    [cut] is where it breaks off; the rest is missing
    [changed] is not what was written
    [missing] is missing
    [foreign] does not belong there
    [unreadable] cannot be read
    [log] names a file that is not in the archive
   *[written] was not written to the disk as the archive has it
}. Use another backup; nothing was restored.
backup-not-empty = { $data } is not empty. Restore into a new directory; nothing that exists is overwritten.
backup-busy = Another process is restoring into { $data }. Wait until it has finished.
doctor-record-damaged = The database of the record, { $subject }, is damaged: { $problem }
doctor-do-record-damaged = Stop working on it, copy the data directory away as it is, and restore the last backup.
doctor-record-closed = The record { $subject } cannot be opened.
doctor-do-record-closed = Mend what stands there; if the file is lost, restore the last backup.
doctor-audit-broken = The audit does not hold at row { $subject }: it { $cause ->
    [removed] was removed
    [added] was added past the end
   *[other] was changed or stands in another row's place
}.
doctor-do-audit-broken = Somebody changed the database directly. Compare with the last backup (zhengai audit list there) and find out who could.
doctor-clock-behind = The clock shows { $subject }, and the newest row of the record is from { $newest }.
doctor-do-clock-behind = Set the clock of this computer; rows written until then carry later times than the clock.
doctor-log-gap = Version { $version } of the log of { $subject } is gone.
doctor-do-log-gap = Rows of this table cannot be trusted. Restore the last backup.
doctor-log-unreadable = The log of { $subject } cannot be read.
doctor-do-log-unreadable = Mend what stands there, or restore the last backup.
doctor-file-missing = { $subject } is gone, and { $table } needs it since version { $version }.
doctor-do-file-missing = Put the file back from a backup: every archive since then has it under the same name.
doctor-old-file-missing = { $subject } is gone; version { $version } of { $table } named it, the newest one does not.
doctor-do-old-file-missing = Today's results are right; why of earlier runs may fail. Put the file back from a backup. Never vacuum these tables with another tool.
doctor-batch-not-in-table = Batch { $subject } counts as applied, and { $dataset } does not have it.
doctor-do-batch-not-in-table = The table is older than the record. Restore a backup in which both agree.
doctor-unknown-in-table = { $table } holds { $subject }, of which the record knows nothing.
doctor-do-unknown-in-table = The record is older than the table. Restore a backup in which both agree.
doctor-orphan = No version of a table names { $subject } ({ $bytes } bytes): an interrupted process left it, or one is writing it now.
doctor-do-orphan = zhengai doctor --fix removes it when nobody writes.
doctor-staging-left = The staging folder of { $subject } holds rows that nobody needs any more.
doctor-do-staging-left = zhengai doctor --fix removes folders of batches that the record does not know; the rest does no harm.
doctor-disk-low = { $free } bytes are free on the disk of { $subject }; the largest table takes { $needed }, and a full load writes it anew.
doctor-do-disk-low = Make room before the next full load.
doctor-definition = Definitions contradict themselves.
doctor-do-definition = Mend { $subject }; until then no diagnosis can run.
doctor-below-floor = { $subject } has a value that is looser than allowed.
doctor-do-below-floor = Tighten the value of { $subject }, or have the exception granted with a reason.
doctor-no-source = Indicator { $subject } does not say where its data come from.
doctor-do-no-source = Add sources to { $subject }.
doctor-no-owner = Nobody answers for indicator { $subject }.
doctor-do-no-owner = Add owners to { $subject }.
doctor-unverified = { $count } definitions in force come from “{ $subject }” and were not checked against it: { $names }
doctor-do-unverified = Compare them with the source and set verified = true.
doctor-expired = The { $kind } value { $when } of { $subject } ({ $source }) ended on { $to }, and no other follows.
doctor-do-expired = Set the value of { $subject } that holds now.
doctor-unread = { $subject } has rows that no indicator, rule or other dataset reads.
doctor-do-unread = Define indicators on { $subject }, or stop importing it.
doctor-plugin-changed = Plugin { $subject } in { $folder } is not what was accepted; it is off.
doctor-do-plugin-changed = Find out who changed it. To accept it: zhengai plugin enable { $subject }
doctor-plugin-gone = Plugin { $subject } { $version } is switched on and not there.
doctor-do-plugin-gone = Put it back into the plugin folder, or switch it off: zhengai plugin disable { $subject }
doctor-plugin-refused = A folder of plugins holds something else.
doctor-do-plugin-refused = Mend or remove the folder.
doctor-never-fires = { $subject }: { $count } rules never fired in several runs: { $names }
doctor-do-never-fires = Ask whether its threshold still means anything.
doctor-always-fires = Rule { $subject } fired for everybody: { $runs } runs, { $objects } values.
doctor-do-always-fires = A warning that everybody gets warns nobody. Look at its threshold, or at the data.
doctor-stale-dataset = { $subject } was last renewed on { $newest }, before { $period } ended ({ $end }).
doctor-do-stale-dataset = Import the rows of that period into { $subject }.
doctor-stale-source = Source { $subject } was last read on { $day }; waiting for it: { $datasets }
doctor-do-stale-source = zhengai sync { $subject }
doctor-failing-source = The last sync of { $subject }, { $sync } on { $day }, failed.
doctor-do-failing-source = See zhengai source show { $subject }, mend the cause, then zhengai sync { $subject }
service-not-locked = Plugin { $plugin } differs from plugins.lock: { $what }. If the change is wanted, run “zhengai plugin lock”; if not, find out who changed it.
mend-nothing = No open row of batch { $batch } was named. Name lines with their corrected cells, or send a mended export of the rejected rows.
mend-no-line = Batch { $batch } did not reject line { $line }. Look at its rejected rows with zhengai reject list { $batch }.
mend-twice = Line { $line } of batch { $batch } is named twice. Keep one of the two.
mend-no-column = Line { $line } of batch { $batch } has no column "{ $column }". Its columns: { $known }.
mend-mended = Line { $line } of batch { $batch } was mended before and went in with batch { $by }. To change the row again, import it anew.
mend-waits = Line { $line } of batch { $batch } is in batch { $by } already, which waits for review. Approve or refuse that one first.
mend-undecided = Batch { $batch } itself is not decided yet. Approve or refuse it first, then mend what it rejected.
mend-no-lines = { $path } has no column with the numbers of the lines. Mend an export of the rejected rows and leave the columns that begin with # in it.
mend-bad-line = "{ $text }" in { $path } is no number of a line. Leave the column with the lines as it was exported.
config-query-rows = Most rows that one query of the query desk gives.
config-query-seconds = Seconds after which a query of the query desk is stopped.
config-query-memory-mb = Memory that one query of the query desk may take, in MiB.
right-name = { $right ->
    [read-results] read results and warnings
    [read-personal] read personal data
    [read-rows] read rows of datasets
    [query] query with SQL
    [handle-warnings] handle warnings
    [define-indicators] define indicators and thresholds
    [publish-indicators] publish indicators and thresholds
    [run-diagnosis] run diagnoses
    [manage-cycles] manage cycles and periods
    [import-data] import data
    [review-data] review batches, mend rejects
    [manage-sources] manage sources and secrets
    [write-reports] write and export reports
    [read-audit] read the audit
    [manage-plugins] manage plugins
    [manage-users] manage users and tokens
    [manage-system] manage the system (configuration, backup, doctor)
   *[other] { $right }
}
service-forbidden = You lack the right “{ right-name }” ({ $right }). Roles that have it: { $roles }. Ask an administrator for one of them.
service-forbidden-nobody = You lack the right “{ right-name }” ({ $right }), and no role has it. Ask an administrator to add it to a role in roles.toml.
service-whole-college = This needs the right “{ right-name }” ({ $right }) for the whole college; you have it for a part only. Ask for what lies within your part, or ask somebody who has it for all.
service-not-authenticated = This token is not accepted: it is unknown, expired or revoked, or its user is disabled. Ask an administrator for a new one (zhengai token create).
service-roles = { $path } has { $count } faults, listed below. Mend them and try again.
service-role-needs = { $needs ->
    [units] Role { $role } needs at least one unit: --unit department/D03
    [person] Role { $role } is for a person's own data; say first which person the user is: --person teacher/T00001
   *[no-units] Role { $role } is for a person's own data and takes no units.
}
rights-masked-right = Rows about persons are hidden: you lack the right to read personal data. Roles that have it: { $roles }.
rights-masked-purpose = Rows about persons are hidden until you name a purpose. You may name (--purpose or the header x-purpose): { $purposes }
rights-masked-other-purpose = Rows about persons are hidden: “{ $named }” is not among your purposes. You may name (--purpose or the header x-purpose): { $purposes }
rights-masked-sensitive = Psychological, card and health data are hidden: they need a purpose that opens them. You may name (--purpose or the header x-purpose): { $purposes }
rights-masked-scope = Rows about persons are hidden: they lie outside the part of the college that you answer for.

## The five systems
system-command = Decision and command
system-generation = Quality generation
system-resources = Resources
system-support = Support and service
system-control = Supervision and control
system-none = No system

# undo
service-too-many = At most { $most } at once; here are { $count }. Narrow the selection or do it in parts.
service-undo-nothing = There is nothing to undo. What can be undone: acts on warnings, thresholds set or withdrawn, plugins switched, periods locked or unlocked, changes of sources.
service-undo-not-last = The last change is row { $last } of the audit, not row { $asked }. Look again, then undo.
service-undo-changed = { $subject } has changed since; this can no longer be undone.
service-undo-changed-by = { $by } changed { $subject } at { $at }; this can no longer be undone. See the audit.
service-undo-plugin-changed = The files of plugin { $plugin } have changed. Switching it on again accepts the new ones: enable it instead of undoing.
undo-warning-acknowledge = acknowledge warning { $subject }
undo-warning-acknowledge-many = acknowledge { $count } warnings
undo-warning-assign = assign warning { $subject }
undo-warning-assign-many = assign { $count } warnings
undo-warning-silence = silence warning { $subject }
undo-warning-silence-many = silence { $count } warnings
undo-warning-resolve = resolve warning { $subject }
undo-warning-resolve-many = resolve { $count } warnings
undo-warning-reopen = reopen warning { $subject }
undo-warning-reopen-many = reopen { $count } warnings
undo-warning-inhibit = inhibit warning { $subject }
undo-warning-inhibit-many = inhibit { $count } warnings
undo-warning-shelve = shelve warning { $subject }
undo-warning-shelve-many = shelve { $count } warnings
undo-warning-speak = let warning { $subject } speak again
undo-warning-speak-many = let { $count } warnings speak again
undo-threshold-set = set the threshold { $when } of { $indicator }
undo-threshold-withdraw = withdraw the threshold { $when } of { $indicator }
undo-plugin-enable = enable plugin { $plugin }
undo-plugin-disable = disable plugin { $plugin }
undo-period-locked = lock period { $period }
undo-period-grace = unlock period { $period }
undo-period-open = open period { $period }
undo-source-enable = enable source { $source }
undo-source-disable = disable source { $source }
undo-source-change = change source { $source }
service-setting-fixed = { $key } is not changed here. The record is moved with zhengai record move; the identity of a college never changes.
