# 层面插件的文字：输入表与所需不符时说明列名与下一步。
layer-unknown-transform = 本插件没有名为“{ $transform }”的计算。请核对 plugin.toml 中 [[computed]] 的 transform，并确认插件库与定义是同一版本。
layer-wrong-inputs = “{ $transform }”需要 { $wanted } 个输入，实际收到 { $found } 个。请核对 plugin.toml 中 inputs 的条数与顺序。
layer-empty-policy = “{ $transform }”的口径输入没有数据行。请在 plugin.toml 中补上口径一行。
table-no-column = 输入缺少列“{ $column }”。请在 plugin.toml 的查询中补上该列。
table-wrong-type = 列“{ $column }”的类型为 { $found }，不能精确读取。请在 plugin.toml 的查询中换算为整数或所需小数位的定点小数。
