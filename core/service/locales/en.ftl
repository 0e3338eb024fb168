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
config-engine-view = Hierarchy: as-was, as-is or a date.
config-origin-default = default
config-origin-file = file
config-origin-environment = environment
config-origin-flag = flag
service-no-college = There is no college in { $data }. Run `zhengai --data { $data } init` first, or name an existing one with --data.
service-not-empty = { $data } is not empty. Choose another directory, or empty it first.
service-directory-busy = Another zhengai process ({ $holder }) is writing to { $data }. Wait for it to end; nothing was changed.
service-no-home = There are no plugins and config folders in { $looked }. Set ZHENGAI_HOME to the installation folder.
service-io = Cannot use { $path }: { $problem }
service-io-not-found = { $path } does not exist. Check the path.
service-io-denied = No permission for { $path }. Check its permissions.
service-io-read-only = { $path } is on a read-only disk; nothing was written.
service-io-full = The disk is full: { $path } could not be written. Free some space and try again; committed data are safe.
service-bad-file = { $path }, line { $line }, column { $column }: { $problem }
service-unknown-setting = There is no setting `{ $key }`. Settings: { $known }
service-bad-setting = `{ $key }` cannot be `{ $value }`. `zhengai config sample` explains each setting.
service-packs = The packs have { $count } faults, listed below. Mend them and try again.
service-indicators = The indicators have { $count } faults, listed below. Mend them and try again.
service-what = { $what ->
    [cycle-template] cycle template
   *[other] { $what }
}
service-not-found = There is no { service-what } `{ $name }`. The list command shows what there is.
service-not-found-near = There is no { service-what } `{ $name }`. Did you mean { $near }?
service-bad-argument = `{ $value }` is not a valid { service-what }. --help shows how to write it.
service-wrong-state = The { service-what } { $name } is { $state }; that forbids this.
service-mapping-for-other = The mapping was written for dataset { $mapping }, the command says { $dataset }. Change --dataset or the mapping.
service-period-locked = { $rows } rows fall into period { $period }, which is { $state }. Unlock it (`zhengai period unlock`) or leave those rows out. Nothing was written.
service-cancelled = Stopped as asked. What was committed is there; what was not left no trace.
service-computed-dataset = Dataset { $dataset } is computed by a plugin; nothing can be imported into it.
service-workbook = Cannot write { $path }: { $problem }
service-template = The report template is wrong: { $problem }
service-internal = Internal error: { $what }. Please report it with the log.
