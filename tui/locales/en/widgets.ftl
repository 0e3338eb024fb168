# Widgets
tui-table-empty = Nothing here
tui-picker-none = Nothing matches
