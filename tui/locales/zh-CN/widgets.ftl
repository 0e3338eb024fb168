# 控件
tui-table-empty = 没有记录
tui-picker-none = 没有匹配项
