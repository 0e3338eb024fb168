# The warehouse: errors

warehouse-io = Cannot read or write { $path }: { $cause }. Check that the place exists and that you have the right to it, then try again.
warehouse-read-only = { $path } is on a read-only disk; nothing was written to it. See whether the system made the disk read-only after a fault, or the data directory is mounted so, and try again when it can be written; applied data is not affected.
warehouse-disk-full = No space left to write { $path }. Free some space or move the data directory to a larger disk, then try again; nothing that was imported is lost.
warehouse-table = The table of dataset "{ $table }" cannot be read or written: { $cause }. Check the disk of the data directory; if a file is damaged, restore it from the backup.
warehouse-query = The query over "{ $table }" failed: { $cause }. This may be a defect of the program; hand the log to support.
warehouse-parquet = The data file { $path } cannot be read or written: { $cause }. If it is damaged, restore it from the backup.
warehouse-columns = Columns could not be processed: { $cause }. This may be a defect of the program; hand the log to support.
warehouse-damaged = The content of file { $path } is damaged. Discard the batch and import the file again.
warehouse-bad-name = "{ $id }" cannot be used as a name in the warehouse. Use letters, digits, - and _, and no leading dot.
warehouse-not-staged = Batch { $batch } has no staged rows. Import the file again.
warehouse-not-planned = Batch { $batch } has no plan yet. Make the plan before applying it.
warehouse-already-applied = The table holds a batch { $batch } already that the record does not know: the record is older than the tables, perhaps an old file or backup was put in its place. Nothing was written. Run zhengai doctor, and restore record and tables from the same backup.
warehouse-wrong-dataset = Batch { $batch } was staged for dataset "{ $staged }", not for "{ $wanted }". Check the batch id.
warehouse-no-table = Dataset "{ $dataset }" has no data yet. Import some first.
warehouse-no-version = Dataset "{ $dataset }" has no version { $version }. Check the number, or whether the data directory is complete.
warehouse-bad-definition = The definition of dataset "{ $dataset }" is wrong: { $field } { $rule ->
    [key] is not a valid key field
    [name] appears twice or is the name of a system column
    [scale] has more digits after the point than can be stored
    [codes] does not name an existing code table
    [bound] has a smallest or largest value that cannot be read
    [unit] is money and states no unit
    [references] must refer to "dataset.field"
   *[other] breaks the rule { $rule }
    }. Mend the definition.
warehouse-type-changed = Field "{ $field }" of dataset "{ $dataset }" is stored as { $stored } but is now defined as { $wanted }. Restore the type, or add a new field.
warehouse-file-empty = File "{ $file }" is empty, it has not even a header. Check whether the export succeeded.
warehouse-file-header-only = File "{ $file }" has a header but no rows. Check the conditions of the export.
warehouse-file-duplicate-header = File "{ $file }" has the header "{ $column }" more than once. Rename one of the columns and import again.
warehouse-file-ambiguous-column = In file "{ $file }" both "{ $first }" and "{ $second }" match field { $field }. Say in the mapping which one to take.
warehouse-file-missing-key = File "{ $file }" has no column for key field { $field } of dataset "{ $dataset }". Accepted headers: { $accepted }. Add the column, or name it in the mapping.
warehouse-file-missing-column = File "{ $file }" has no column for required field { $field } of dataset "{ $dataset }". Accepted headers: { $accepted }. Add the column, or name a source or a default in the mapping.
warehouse-file-money-unit = Column "{ $column }" of file "{ $file }" fills money field { $field } but states no unit. Change the header to "{ $column }(元)" or "{ $column }(万元)", or state unit in the mapping.
warehouse-file-unit = Column "{ $column }" of file "{ $file }" is in "{ $unit }", which cannot be converted to "{ $wanted }" of field { $field }. Check the unit.
warehouse-mapping-dataset = The mapping is written for dataset "{ $mapping }", not for "{ $dataset }". Use the mapping that belongs to it.
warehouse-mapping-field = The mapping names field { $field }, which dataset "{ $dataset }" does not have. Its fields: { $known }.
warehouse-mapping-column = The mapping takes field { $field } from column "{ $column }", which file "{ $file }" does not have. Its headers: { $known }.
warehouse-mapping-sources = The mapping gives field { $field } more than one source. State only one of column, value and sql.
warehouse-mapping-date = The mapping's date pattern "{ $pattern }" for field { $field } is not valid. Example: %d/%m/%Y; for day numbers of Excel write excel.
warehouse-mapping-sql = The mapping's SQL for field { $field } cannot be understood: { $sql }. Cause: { $cause }. Put column names in double quotes.
warehouse-check-sql = Check { $check } of dataset "{ $dataset }" is not a valid SQL condition: { $sql }. Cause: { $cause }. Mend the definition.
warehouse-source-contract = The rows that the connector gave for file "{ $file }" break the contract (column "{ $column }"). Update or replace the connector plugin.
warehouse-cancelled = Stopped as asked. What was committed is there; what was not left no trace.
warehouse-large-delete = The full load would delete { $gone } of the { $before } rows of dataset "{ $dataset }", more than the { $percent }% allowed. Check first whether the file is complete; if it is, add --allow-deletes and try again.
warehouse-busy = Table "{ $dataset }" kept being changed by another program while it was written ({ $attempts } times). Try again later.
warehouse-result-column = Result column "{ $column }" has type { $given }, which does not agree with the stored type { $stored } or cannot be stored. This may be a defect of the program; hand the log to support.
warehouse-no-results = Run { $run } has no results in the warehouse. Check the run id.
warehouse-export-format = Cannot export to { $path }: only .csv, .json, .parquet and .xlsx are supported. Use another extension.

# The query desk

warehouse-desk-empty = No SQL was given. { $dataset ->
    [none] Write a query with SELECT.
   *[other] Write a query, for example: SELECT * FROM { $dataset } LIMIT 10.
}
warehouse-desk-many = There are { $count } statements; the query desk runs one at a time. Keep one of them.
warehouse-desk-long = The SQL has { $bytes } bytes, more than the { $most } that are read. Shorten it.
warehouse-desk-parts = The SQL has { $parts } operators, conditions, brackets and parts taken together, more than the { $most } that are read. Write long chains as a list, IN ('a', 'b'), or ask in several queries.
warehouse-desk-text = A text between quotes has { $bytes } bytes, more than the { $most } that are read. Shorten it.
warehouse-desk-unfolds = Written out, with everything in place of its name, the query is too large. Use fewer columns, and fewer steps that use the one before them more than once.
warehouse-desk-statement = The query desk only reads: "{ $word }" is not allowed. Use SELECT, WITH or EXPLAIN; to bring rows in, use import.
warehouse-desk-table = There is no dataset "{ $table }" that you may read. Check the name against the list of datasets, or ask an administrator for the right.
# A place in SQL, for the messages below
warehouse-desk-place = { $at ->
    [place] Line { $line }, column { $column }:{" "}
   *[nowhere] {""}
}
warehouse-desk-awaited = { $word ->
    [an-expression] an expression
    [expression] an expression
    [end-of-statement] the end of the statement
    [identifier] a name
    [table-name] the name of a dataset
    [joined-table] a dataset to join
    [literal-string] a text in single quotes
    [literal-int] a whole number
    [literal-number] a number
    [number] a number
    [a-data-type-name] the name of a type
    [a-name-or-type] a name or a type
    [wildcard-or-identifier] a name or *
    [an-identifier-or-a-----after----] a column or *
    [an-sql-statement] a query
    [select--values--or-a-subquery-in-the-query-body] SELECT, VALUES or a subquery
    [a-list-of-columns-in-parentheses] columns in parentheses
    [on--or-using-after-join] ON or USING
    [in-or-between-after-not] IN or BETWEEN
   *[other] "{ $expected }"
}
warehouse-desk-sql = { warehouse-desk-place }The query cannot be run: { $cause }. Mend the SQL and try again.
warehouse-desk-sql-expected = { warehouse-desk-place }"{ $found }" cannot stand here; { warehouse-desk-awaited } is expected. Mend the SQL and try again.
warehouse-desk-sql-ends = { warehouse-desk-place }The statement is not finished; { warehouse-desk-awaited } must follow. Complete it and try again.
warehouse-desk-sql-open = { warehouse-desk-place }{ $what ->
    [name] A double quote or backtick
    [comment] A comment, /*,
   *[text] A single quote
} is not closed. Close it and try again.
warehouse-desk-sql-column = { warehouse-desk-place }There is no column "{ $name }". Check the name against the fields of the dataset.
warehouse-desk-sql-column-known = { warehouse-desk-place }There is no column "{ $name }". Columns here: { $known }. Texts stand in single quotes.
warehouse-desk-sql-ambiguous = { warehouse-desk-place }Several datasets have the column "{ $name }". Write the dataset and a dot before it: <dataset>.{ $name }.
warehouse-desk-sql-function = { warehouse-desk-place }There is no function "{ $name }". Check its name.
warehouse-desk-sql-function-near = { warehouse-desk-place }There is no function "{ $name }". Did you mean "{ $near }"?
warehouse-desk-sql-group = { warehouse-desk-place }"{ $name }" is neither grouped by nor aggregated. Add it to GROUP BY, or use an aggregate such as max or count.
warehouse-desk-sql-zero = { warehouse-desk-place }The query divides by zero. Avoid it with nullif(denominator, 0).
warehouse-desk-time = The query ran longer than the { $seconds } s that are allowed and was stopped. Narrow it with WHERE, or have query.seconds raised.
warehouse-desk-memory = The query needs more than the { $mib } MiB that are allowed. Narrow it with WHERE or group more coarsely, or have query.memory_mb raised.

# Notices about a whole file

warehouse-notice-column-ignored = Column "{ $column }" of file "{ $file }" matches no field and was ignored.
warehouse-notice-file-truncated = File "{ $file }" has exactly { $rows } rows, the limit of an Excel sheet: the rest may have been cut off. Compare the number of rows with the source system.

# Why a row was rejected

warehouse-reject-required = "{ $column }" must not be empty. Fill it in and import again.
warehouse-reject-type-integer = The value "{ $value }" of "{ $column }" is not a whole number.
warehouse-reject-type-decimal = The value "{ $value }" of "{ $column }" is not a number.
warehouse-reject-type-date = The value "{ $value }" of "{ $column }" is not a date. Write 2025-09-01, 2025/9/1, 2025.9.1, 20250901 or 2025年9月1日.
warehouse-reject-type-datetime = The value "{ $value }" of "{ $column }" is not a date with time. Write 2025-09-01 08:30:00.
warehouse-reject-type-bool = The value "{ $value }" of "{ $column }" is neither yes nor no. Write 是 or 否.
warehouse-reject-date-ambiguous = Month and day of the value "{ $value }" of "{ $column }" cannot be told apart. Write 2025-09-01, or state the date pattern in the mapping.
warehouse-reject-date-time = "{ $column }" holds days only, but the value "{ $value }" has a time. Keep only the day.
warehouse-reject-number-overflow = The value "{ $value }" of "{ $column }" is too large to be stored.
warehouse-reject-number-digits = The value "{ $value }" of "{ $column }" has more than { $digits } digits after the point and cannot be kept without rounding. Round it by your rules first.
warehouse-reject-range-min = The value "{ $value }" of "{ $column }" is below the smallest value allowed, { $limit }.
warehouse-reject-range-max = The value "{ $value }" of "{ $column }" is above the largest value allowed, { $limit }.
warehouse-reject-code-unknown = The value "{ $value }" of "{ $column }" is not in the code table. It has: { $known }. Mend the value, or say in the mapping what it means.
warehouse-reject-check = { $en } (check { $check })
warehouse-reject-reference-missing = The value "{ $value }" of "{ $column }" does not exist in dataset "{ $dataset }". Import that object first, or mend the id.
warehouse-reject-key-duplicate = The same row as on line { $first } (key { $key }); the first one was kept.
warehouse-reject-key-conflict-file = The key { $key } also stands on line { $lines } with other values. Find out which row is right and keep only that one.
warehouse-reject-key-conflict-table = The key { $key } is in the dataset already with other values, and this import may only add rows. Import with update, or mend the key.
warehouse-reject-mapping-sql = The mapping's expression for "{ $column }" cannot be computed for this row: { $error }.
warehouse-reject-row-columns = This row has { $found } cells, the header has { $expected }. Check delimiters and quotes.
warehouse-reject-row-encoding = This row has bytes that do not belong to the encoding { $encoding } (at byte { $offset } of the file). Export it again with the right encoding.
warehouse-reject-row-syntax = This line is not a valid JSON object (at character { $position }).
warehouse-reject-cell-error = The cell of "{ $column }" is the formula error "{ $value }". Mend the formula in the sheet.
warehouse-reject-row-unreadable = The connector could not read this row (rule { $rule }): { $value }
