# 文件连接器的文字。参数 scope 为 sheet 时另有工作表名 sheet，否则只有文件名 file。

file-place = { $scope ->
    [sheet] 文件“{ $file }”的工作表“{ $sheet }”
   *[file] 文件“{ $file }”
}

# 配置与请求
file-bad-config = 文件连接器的配置有误：{ $reason }。请按插件说明改正配置。
file-bad-request = 交给文件连接器的请求有误：{ $reason }。请检查文件路径和读取选项的写法。
file-bad-option = 读取选项 { $option } 的值“{ $value }”无效。可用的值：{ $choices }。
file-format-differs = 文件“{ $file }”指定按 { $stated } 读取，内容却是 { $found }。请改用 { $found }，或去掉 format 选项让系统自动识别。
file-not-found = 找不到文件“{ $file }”（{ $path }）。请检查路径，或确认它不是文件夹。
file-io = 读取文件“{ $file }”时系统报错：{ $reason }。请检查磁盘和文件权限后重试。
file-no-sheet = 文件“{ $file }”中没有名为“{ $sheet }”的工作表。现有可见工作表：{ $sheets }。请改正 sheet 选项。

# 整个文件无法读取
file-empty = { file-place }是空的，没有任何内容。请确认导出是否成功，重新导出后再导入。
file-damaged = { file-place }已损坏或不完整（{ $reason }）。请重新导出或重新下载后再导入。
file-format-unknown = { file-place }不是可读取的数据文件。请另存为 CSV、XLSX、XLS、Parquet 或 JSON Lines 后再导入。
file-format-unreadable = { file-place }的内容是 { $found }，不能直接导入。请用原来的软件打开，另存为 XLSX 或 CSV；压缩包请先解压；JSON 数组请改为每行一个对象。
file-html = { file-place }其实是网页（HTML），只是扩展名像表格。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。
file-xml-spreadsheet = { file-place }其实是“XML 电子表格 2003”。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再导入。
file-encrypted = { file-place }设有打开密码，无法读取。请用 Excel 或 WPS 打开，取消密码并保存后再导入。
file-unpacked-too-large = { file-place }解压后过大：部分“{ $part }”使总量超过 { $limit } MiB 的上限。请把数据拆成几个文件，或由管理员调高 max_unpacked_bytes。
file-ratio-too-high = { file-place }的部分“{ $part }”解压后是原来的 { $limit } 倍以上，疑似压缩炸弹，已拒绝。若确为正常数据，请另存为 CSV 后导入，或由管理员调高 max_ratio。
file-too-many-cells = { file-place }读到第 { $line } 行时单元格总数已超过上限 { $limit }。请拆分工作表，或由管理员调高 max_cells。
file-too-much-text = { file-place }中的文字超过内存上限 { $limit } MiB。请拆分文件，或另存为 CSV 后导入。
file-encoding-unknown = { file-place }的编码无法识别：第 { $line } 行（第 { $offset } 字节处）既不是 UTF-8 也不是 GBK/GB18030。请另存为 UTF-8 编码的 CSV，或用 encoding 选项指明编码。
file-record-too-long = { file-place }从第 { $line } 行开始的一条记录超过 { $limit } KiB。多半是缺少换行，或一个引号没有成对；请检查该行后再导入。
file-quote-open = { file-place }第 { $line } 行起的记录里有一个双引号没有配对，直到文件末尾都未结束。请在该行补上引号，或把单元格里的引号写成两个。
file-header-duplicate = { file-place }第 { $line } 行的表头有重复的列名：{ $columns }。请改成不同的列名；若表头有多行，请用 header_rows 选项说明。
file-header-encoding = { file-place }第 { $line } 行的表头有无法按 { $encoding } 解码的内容（第 { $offset } 字节处）。请改正 encoding 选项，或去掉它让系统自动识别。
file-header-reserved = { file-place }第 { $line } 行的列名“{ $column }”是系统保留的名称。请给该列换个名字。
file-header-beyond-end = { file-place }没有第 { $row } 行，找不到表头。请检查 skip_rows 和 header_rows 选项。
file-bad-workbook = { file-place }的内部结构无法识别（{ $reason }）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。
file-bad-parquet = { file-place }不是有效的 Parquet 文件（{ $reason }）。请重新导出；压缩方式请选 Snappy、Zstd 或不压缩。
file-bad-jsonl = { file-place }里没有一行是 JSON 对象；第 { $line } 行在位置 { $reason } 处出错。请按每行一个对象（以 {"{"} 开头）导出。

# 提示
file-notice-format = { file-place }的扩展名是“{ $extension }”，内容却是 { $format }；已按 { $format } 读取。
file-notice-title-rows = { file-place }跳过了表头上方的 { $rows } 行标题。
file-notice-unnamed = { file-place }有没有名称的列，已按列号命名：{ $columns }。
file-notice-blank-rows = { file-place }略过了 { $rows } 个空行。
file-notice-merged-rows = { file-place }第 { $line } 行起有跨行合并的单元格，值只属于其中第一行。若各行都应有此值，请取消合并并填充后重新导入。

# 单行的问题（_fault 的 rule）
file-rule-row-columns = 这一行应有 { $expected } 列，实际有 { $found } 列。请检查分隔符、引号或多出的内容。
file-rule-row-encoding = 这一行在第 { $offset } 字节处有无法按 { $encoding } 解码的内容。请在来源系统中改正该字后重新导出。
file-rule-row-syntax = 这一行在位置 { $position } 处不是有效的 JSON 对象。请改正后重新导入。
file-rule-cell-error = 单元格的值是电子表格的错误值。请在表格中改正公式或数据后重新导出。
