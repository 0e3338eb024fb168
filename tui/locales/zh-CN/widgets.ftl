# 控件
tui-table-empty = 没有记录
tui-picker-none = 没有匹配项
tui-no-data = 无数据
tui-undetermined = 无法判定
tui-not-applicable = 不适用
tui-not-due = 未到期
tui-loading = 载入中
tui-yes = 是
tui-no = 否
tui-form-required = 必填
tui-form-number = 请输入数字，例如 95.5
tui-form-whole = 请输入整数，例如 10
tui-form-date = 请输入日期，例如 2026-11-22
tui-form-choice = 请从列表中选择
