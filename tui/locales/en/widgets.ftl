# Widgets
tui-table-empty = Nothing here
tui-picker-none = Nothing matches
tui-no-data = no data
tui-undetermined = undetermined
tui-not-applicable = not applicable
tui-not-due = not due
tui-loading = loading
tui-yes = yes
tui-no = no
tui-form-required = Must be filled in
tui-form-number = Enter a number, for example 95.5
tui-form-whole = Enter a whole number, for example 10
tui-form-date = Enter a day, for example 2026-11-22
tui-form-choice = Choose one of the list
