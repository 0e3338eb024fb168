# Texts of the file connector. Where scope is "sheet" there is a sheet name beside the file name.

file-place = { $scope ->
    [sheet] Sheet “{ $sheet }” of file “{ $file }”
   *[file] File “{ $file }”
}

# Configuration and requests
file-bad-config = The configuration of the file connector is wrong: { $reason }. Correct it as the plugin's description says.
file-bad-request = The request to the file connector is wrong: { $reason }. Check the path and the read options.
file-bad-option = “{ $value }” is not a value of the read option { $option }. It takes: { $choices }.
file-format-differs = File “{ $file }” was to be read as { $stated }, but its content is { $found }. Ask for { $found }, or leave out the option format.
file-not-found = There is no file “{ $file }” ({ $path }). Check the path, and that it is not a folder.
file-io = The system could not read file “{ $file }”: { $reason }. Check the disk and the permissions of the file, then try again.
file-no-sheet = File “{ $file }” has no sheet “{ $sheet }”. Its visible sheets: { $sheets }. Correct the option sheet.

# The whole file cannot be read
file-empty = { file-place } is empty. Check that the export worked, and export it again.
file-damaged = { file-place } is damaged or incomplete ({ $reason }). Export or download it again.
file-format-unknown = { file-place } is not a data file that can be read. Save it as CSV, XLSX, XLS, Parquet or JSON Lines.
file-format-unreadable = { file-place } contains { $found }, which cannot be imported. Open it where it came from and save it as XLSX or CSV; unpack an archive first; write a JSON array as one object per line.
file-html = { file-place } is a web page (HTML) with the name of a workbook. Open it in Excel or WPS and save it as an Excel workbook (.xlsx).
file-xml-spreadsheet = { file-place } is an “XML Spreadsheet 2003”. Open it in Excel or WPS and save it as an Excel workbook (.xlsx).
file-encrypted = { file-place } is protected by a password. Open it in Excel or WPS, remove the password and save it.
file-unpacked-too-large = { file-place } is too large when unpacked: with the part “{ $part }” it exceeds { $limit } MiB. Split the data into several files, or have the administrator raise max_unpacked_bytes.
file-ratio-too-high = Part “{ $part }” of this input unpacks to more than { $limit } times its size and looks like a zip bomb. { file-place } was refused. If the data are genuine, save them as CSV, or have the administrator raise max_ratio.
file-too-many-cells = { file-place } has more than { $limit } cells; the limit was reached in line { $line }. Split the sheet, or have the administrator raise max_cells.
file-too-much-text = { file-place } has more than { $limit } MiB of text, which is the limit for memory. Split the file, or save it as CSV.
file-encoding-unknown = { file-place } has an unknown encoding: line { $line } (at byte { $offset }) is neither UTF-8 nor GBK/GB18030. Save it as CSV in UTF-8, or name the encoding with the option encoding.
file-record-too-long = { file-place } has a record that starts in line { $line } and is longer than { $limit } KiB. Most likely a line break is missing or a quote has no partner; check that line.
file-quote-open = { file-place } has a double quote in the record at line { $line } that is still open at the end of the file. Close it in that line, or write a quote inside a cell twice.
file-header-duplicate = { file-place } has column names more than once in line { $line }: { $columns }. Give the columns different names; if the header has several rows, say so with the option header_rows.
file-header-encoding = { file-place } has a header in line { $line } that cannot be decoded as { $encoding } (byte { $offset }). Correct the option encoding, or leave it out and have it detected.
file-header-reserved = { file-place } has a column “{ $column }” in line { $line }, a name that the system uses itself. Rename the column.
file-header-beyond-end = { file-place } has no row { $row }, so there is no header. Check the options skip_rows and header_rows.
file-bad-workbook = { file-place } has an inner structure that cannot be understood ({ $reason }). Open it in Excel or WPS and save it as .xlsx.
file-bad-parquet = { file-place } is not a valid Parquet file ({ $reason }). Export it again, compressed with Snappy, Zstd or not at all.
file-bad-jsonl = { file-place } has no line that is a JSON object; line { $line } is wrong at position { $reason }. Export one object per line, each starting with {"{"}.

# Notices
file-notice-format = { file-place } is named “{ $extension }”, but its content is { $format }; it was read as { $format }.
file-notice-title-rows = { file-place }: { $rows } title rows above the header were skipped.
file-notice-unnamed = { file-place } has columns without a name; they are named by their number: { $columns }.
file-notice-blank-rows = { file-place }: { $rows } blank rows were left out.
file-notice-merged-rows = { file-place } has cells merged over several rows from line { $line }; only the first of those rows has the value. If it is meant for all of them, unmerge and fill the cells and import again.

# What can be wrong with one row (rule of _fault)
file-rule-row-columns = This row should have { $expected } columns and has { $found }. Check delimiters, quotes and stray content.
file-rule-row-encoding = This row has something at byte { $offset } that is not { $encoding }. Correct the character where the data come from, and export again.
file-rule-row-syntax = This line is not a JSON object; it is wrong at position { $position }. Correct it and import again.
file-rule-cell-error = The value of this cell is an error of the spreadsheet. Correct the formula or the data, and export again.
