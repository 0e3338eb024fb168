exports-refused = { $path } cannot be read: { $reason }. Check the folder in the source's configuration, and who may read it.
exports-line = Line { $line } of “{ $stream }” is not a JSON object. Have the other system export it again.
exports-no-stream = There is no export “{ $stream }” in the folder.
exports-state = The cursor of the last read is of no use. Read in full (--full).
