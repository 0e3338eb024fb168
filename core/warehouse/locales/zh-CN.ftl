# 数据仓库：错误

warehouse-io = 无法读写 { $path }：{ $cause }。请检查该位置是否存在、是否有权限，然后重试。
warehouse-read-only = { $path } 在只读磁盘上，没有写入。请检查磁盘是否因故障被系统转为只读，或数据目录是否以只读方式挂载，恢复可写后重试；已入库的数据没有受影响。
warehouse-disk-full = 磁盘空间不足，无法写入 { $path }。请清理磁盘或把数据目录移到更大的磁盘后重试；已入库的数据没有受影响。
warehouse-table = 数据集“{ $table }”的数据表读写失败：{ $cause }。请检查数据目录所在磁盘；若文件损坏，请从备份恢复。
warehouse-query = 查询“{ $table }”失败：{ $cause }。这可能是程序缺陷，请把日志交给技术支持。
warehouse-parquet = 数据文件 { $path } 无法读写：{ $cause }。若文件损坏，请从备份恢复。
warehouse-columns = 处理数据列时出错：{ $cause }。这可能是程序缺陷，请把日志交给技术支持。
warehouse-damaged = 文件 { $path } 的内容已损坏。请放弃该批次后重新导入。
warehouse-bad-name = “{ $id }”不能用作仓库中的名称。请换一个由字母、数字、-、_ 组成且不以点开头的编号。
warehouse-not-staged = 批次 { $batch } 没有可用的暂存数据。请重新导入该文件。
warehouse-not-planned = 批次 { $batch } 还没有入库计划。请先生成计划再入库。
warehouse-already-applied = 表里已有编号为 { $batch } 的批次，而记录库没有它：记录库比数据表旧，可能被换成了旧文件或旧备份。这次什么都没有写入。请运行 zhengai doctor 查看，并从同一个备份恢复记录库和数据表。
warehouse-wrong-dataset = 批次 { $batch } 是为数据集“{ $staged }”暂存的，不能用于“{ $wanted }”。请核对批次编号。
warehouse-no-table = 数据集“{ $dataset }”还没有数据。请先导入数据。
warehouse-no-version = 数据集“{ $dataset }”没有版本 { $version }。请核对版本号，或检查数据目录是否完整。
warehouse-bad-definition = 数据集“{ $dataset }”的定义有误：{ $field } { $rule ->
    [key] 不是有效的主键字段
    [name] 字段名重复或与系统列同名
    [scale] 的小数位数超出可存储的范围
    [codes] 没有指定存在的代码表
    [bound] 的取值范围写法不正确
    [unit] 是金额字段，却没有写明单位
    [references] 的引用写法不正确，应为“数据集.字段”
   *[other] 不符合规则 { $rule }
    }。请修改数据集定义。
warehouse-type-changed = 数据集“{ $dataset }”的字段“{ $field }”已按 { $stored } 存储，定义却改成了 { $wanted }。请改回原类型，或另建一个新字段。
warehouse-file-empty = 文件“{ $file }”是空的，连表头也没有。请检查导出是否成功。
warehouse-file-header-only = 文件“{ $file }”只有表头，没有数据行。请检查导出条件。
warehouse-file-duplicate-header = 文件“{ $file }”中表头“{ $column }”出现了不止一次。请给其中一列改名后重新导入。
warehouse-file-ambiguous-column = 文件“{ $file }”中的“{ $first }”和“{ $second }”两列都对应字段 { $field }。请在映射文件中写明用哪一列。
warehouse-file-missing-key = 文件“{ $file }”缺少数据集“{ $dataset }”的主键字段 { $field }。可用的表头：{ $accepted }。请补上该列，或在映射文件中指明。
warehouse-file-missing-column = 文件“{ $file }”缺少数据集“{ $dataset }”的必填字段 { $field }。可用的表头：{ $accepted }。请补上该列，或在映射文件中指明来源或默认值。
warehouse-file-money-unit = 文件“{ $file }”的“{ $column }”列对应金额字段 { $field }，但没有写明单位。请把表头改成“{ $column }(元)”或“{ $column }(万元)”，或在映射文件中写明 unit。
warehouse-file-unit = 文件“{ $file }”的“{ $column }”列单位是“{ $unit }”，无法换算成字段 { $field } 的单位“{ $wanted }”。请核对单位。
warehouse-mapping-dataset = 映射文件是为数据集“{ $mapping }”写的，不能用于“{ $dataset }”。请换用对应的映射文件。
warehouse-mapping-field = 映射文件提到字段 { $field }，但数据集“{ $dataset }”没有这个字段。现有字段：{ $known }。
warehouse-mapping-column = 映射文件要从“{ $column }”列取字段 { $field }，但文件“{ $file }”没有这一列。现有表头：{ $known }。
warehouse-mapping-sources = 映射文件给字段 { $field } 写了不止一个来源。column、value、sql 只能写一个。
warehouse-mapping-date = 映射文件中字段 { $field } 的日期格式“{ $pattern }”不正确。示例：%d/%m/%Y；Excel 日期序号写 excel。
warehouse-mapping-sql = 映射文件中字段 { $field } 的 SQL 表达式无法理解：{ $sql }。原因：{ $cause }。列名请用双引号括起来。
warehouse-check-sql = 数据集“{ $dataset }”的检查规则 { $check } 不是有效的 SQL 条件：{ $sql }。原因：{ $cause }。请修改数据集定义。
warehouse-source-contract = 连接器交来的文件“{ $file }”的数据不符合约定（列“{ $column }”）。请更新或更换连接器插件。
warehouse-cancelled = 已按要求停止。已提交的数据都在，没有提交的什么都没有写入。
warehouse-large-delete = 全量导入会从数据集“{ $dataset }”删除 { $gone } 行（现有 { $before } 行），超过允许的 { $percent }%。请先确认文件是否完整；确认无误后加 --allow-deletes 重试。
warehouse-busy = 数据表“{ $dataset }”在写入期间一直被其他程序修改（{ $attempts } 次）。请稍后重试。
warehouse-result-column = 结果列“{ $column }”的类型 { $given } 与已存储的类型 { $stored } 不一致或不受支持。这可能是程序缺陷，请把日志交给技术支持。
warehouse-no-results = 运行 { $run } 在仓库中没有结果。请核对运行编号。
warehouse-export-format = 无法导出到 { $path }：只支持 .csv、.json、.parquet 和 .xlsx。请换一个扩展名。

# 查询台

warehouse-desk-empty = 没有写 SQL。{ $dataset ->
    [none] 请用 SELECT 写一条查询语句。
   *[other] 请输入查询语句，例如：SELECT * FROM { $dataset } LIMIT 10。
}
warehouse-desk-many = 一共写了 { $count } 条语句，查询台一次只执行一条。请只保留一条。
warehouse-desk-long = SQL 有 { $bytes } 字节，超过可读的 { $most } 字节。请缩短。
warehouse-desk-parts = SQL 中的运算符、条件、括号和子句共 { $parts } 处，超过可读的 { $most } 处。请把长串条件写成 IN ('a', 'b') 这样的清单，或分几次查询。
warehouse-desk-text = 引号中的文字有 { $bytes } 字节，超过可读的 { $most } 字节。请缩短。
warehouse-desk-unfolds = 把各处名称换成其内容后，查询过大。请减少列数，并减少多次引用前一步的步骤。
warehouse-desk-statement = 查询台只能读取数据，不允许“{ $word }”。请用 SELECT、WITH 或 EXPLAIN；要写入数据请用导入。
warehouse-desk-table = 没有您可以读取的数据集“{ $table }”。请对照数据集清单核对名称，或请管理员授权。
# SQL 中的位置，由下面几条引用
warehouse-desk-place = { $at ->
    [place] 第 { $line } 行第 { $column } 列：
   *[nowhere] {""}
}
warehouse-desk-awaited = { $word ->
    [an-expression] 表达式
    [expression] 表达式
    [end-of-statement] 语句结束
    [identifier] 名称
    [table-name] 数据集名称
    [joined-table] 要连接的数据集
    [literal-string] 带单引号的文字
    [literal-int] 整数
    [literal-number] 数字
    [number] 数字
    [a-data-type-name] 类型名称
    [a-name-or-type] 名称或类型
    [wildcard-or-identifier] 名称或 *
    [an-identifier-or-a-----after----] 列名或 *
    [an-sql-statement] 查询语句
    [select--values--or-a-subquery-in-the-query-body] SELECT、VALUES 或子查询
    [a-list-of-columns-in-parentheses] 括号中的列名
    [on--or-using-after-join] ON 或 USING
    [in-or-between-after-not] IN 或 BETWEEN
   *[other] “{ $expected }”
}
warehouse-desk-sql = { warehouse-desk-place }查询无法执行：{ $cause }。请修改 SQL 后重试。
warehouse-desk-sql-expected = { warehouse-desk-place }“{ $found }”不应出现在这里，此处应为{ warehouse-desk-awaited }。请修改 SQL 后重试。
warehouse-desk-sql-ends = { warehouse-desk-place }语句没有写完，后面应有{ warehouse-desk-awaited }。请补全后重试。
warehouse-desk-sql-open = { warehouse-desk-place }{ $what ->
    [name] 双引号或反引号
    [comment] 注释 /*
   *[text] 单引号
}没有闭合。请补上后重试。
warehouse-desk-sql-column = { warehouse-desk-place }没有名为“{ $name }”的列。请对照数据集的字段核对名称。
warehouse-desk-sql-column-known = { warehouse-desk-place }没有名为“{ $name }”的列。可用的列：{ $known }。文字请用单引号括起。
warehouse-desk-sql-ambiguous = { warehouse-desk-place }列“{ $name }”在几个数据集中都有。请在列名前写上数据集和点：<数据集>.{ $name }。
warehouse-desk-sql-function = { warehouse-desk-place }没有名为“{ $name }”的函数。请核对函数名。
warehouse-desk-sql-function-near = { warehouse-desk-place }没有名为“{ $name }”的函数，是否想写“{ $near }”？
warehouse-desk-sql-group = { warehouse-desk-place }“{ $name }”既没有写入 GROUP BY，也没有聚合。请写入 GROUP BY，或用 max、count 等聚合函数。
warehouse-desk-sql-zero = { warehouse-desk-place }查询中有数除以零。请用 nullif(分母, 0) 避开为零的分母。
warehouse-desk-time = 查询运行超过允许的 { $seconds } 秒，已停止。请用 WHERE 缩小范围，或请管理员调大 query.seconds。
warehouse-desk-memory = 查询所需内存超过允许的 { $mib } MiB。请用 WHERE 缩小范围或减少分组，或请管理员调大 query.memory_mb。

# 对整个文件的提示

warehouse-notice-column-ignored = 文件“{ $file }”的“{ $column }”列没有对应的字段，已忽略。
warehouse-notice-file-truncated = 文件“{ $file }”恰好有 { $rows } 行数据，达到了 Excel 工作表的上限，后面的数据可能已被截断。请与源系统核对总行数。

# 单行被拒的原因

warehouse-reject-required = “{ $column }”不能为空。请补填后重新导入。
warehouse-reject-type-integer = “{ $column }”的值“{ $value }”不是整数。
warehouse-reject-type-decimal = “{ $column }”的值“{ $value }”不是数。
warehouse-reject-type-date = “{ $column }”的值“{ $value }”不是日期。可写作 2025-09-01、2025/9/1、2025.9.1、20250901 或 2025年9月1日。
warehouse-reject-type-datetime = “{ $column }”的值“{ $value }”不是日期时间。可写作 2025-09-01 08:30:00。
warehouse-reject-type-bool = “{ $column }”的值“{ $value }”不能判断是或否。请写“是”或“否”。
warehouse-reject-date-ambiguous = “{ $column }”的值“{ $value }”分不清月和日。请改为 2025-09-01 的写法，或在映射文件中写明日期格式。
warehouse-reject-date-time = “{ $column }”只存日期，值“{ $value }”却带有时间。请只保留日期。
warehouse-reject-number-overflow = “{ $column }”的值“{ $value }”太大，超出可存储的范围。
warehouse-reject-number-digits = “{ $column }”的值“{ $value }”的小数位数超过 { $digits } 位，不能保存而不舍入。请先按规定舍入。
warehouse-reject-range-min = “{ $column }”的值“{ $value }”小于允许的最小值 { $limit }。
warehouse-reject-range-max = “{ $column }”的值“{ $value }”大于允许的最大值 { $limit }。
warehouse-reject-code-unknown = “{ $column }”的值“{ $value }”不在代码表中。可用的有：{ $known }。请改正，或在映射文件中写明对应关系。
warehouse-reject-check = { $zh } （检查规则 { $check }）
warehouse-reject-reference-missing = “{ $column }”的值“{ $value }”在数据集“{ $dataset }”中不存在。请先导入该对象，或改正编号。
warehouse-reject-key-duplicate = 与第 { $first } 行完全相同（主键 { $key }），已保留第一次出现的那一行。
warehouse-reject-key-conflict-file = 主键 { $key } 在文件中还出现在第 { $lines } 行，但内容不同。请确定哪一行正确，只保留一行。
warehouse-reject-key-conflict-table = 主键 { $key } 已经入库且内容不同，而本次导入只允许新增。请改用更新方式导入，或改正主键。
warehouse-reject-mapping-sql = “{ $column }”的映射表达式在这一行无法计算：{ $error }。
warehouse-reject-row-columns = 这一行有 { $found } 个单元格，表头有 { $expected } 个。请检查分隔符和引号。
warehouse-reject-row-encoding = 这一行有不属于 { $encoding } 编码的字节（文件第 { $offset } 字节处）。请用正确的编码重新导出。
warehouse-reject-row-syntax = 这一行不是有效的 JSON 对象（第 { $position } 个字符处）。
warehouse-reject-cell-error = “{ $column }”的单元格是公式错误“{ $value }”。请在表格中修正公式。
warehouse-reject-row-unreadable = 连接器无法读取这一行（规则 { $rule }）：{ $value }
