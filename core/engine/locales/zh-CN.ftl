# 诊断引擎的消息。

engine-query = 数据查询失败，未保存任何结果。请重新诊断；若仍失败，请将日志交给技术支持。
engine-query-file = 数据文件读取失败：{ $cause }。未保存任何结果。文件可能损坏或丢失：请检查数据目录所在磁盘，从备份恢复后重新诊断。
engine-shape = 数据形式异常，未保存任何结果。请将日志交给技术支持。
engine-not-exact = 度量得到的是 { $found }，而不是精确的数。请改用对精确字段的 count、sum、min 或 max。
engine-unknown-period = 校历中没有期间 { $period }。期间写作 AY2025、AY2025-T1、CY2025-M09 等，见配置中的校历。
engine-unknown-indicator = 没有指标 { $indicator }。可用 `zhengai indicator list` 查看全部指标。
engine-not-this-grain = { $indicator } 不对 { $kind } 类对象计算。可用 `zhengai indicator show { $indicator }` 查看其计算对象。
engine-unknown-object = { $period } 内没有 { $kind } { $object }。请核对编号，或核对其基本信息中的起止日期。
engine-version-gone = 数据集 { $dataset } 的第 { $version } 版已不存在，无法用当时的数据解释这次诊断。请重新诊断。
engine-definitions = 定义有误。可用 `zhengai indicator check` 逐条查看。
engine-too-large = { $object } 的 { $indicator } 数值过大，结果表放不下。请核对数据的单位。
engine-cancelled = 诊断已中止，未保存任何结果。
engine-no-transforms = 此处没有加载插件库。
engine-unknown-measure = { $owner } 的 { $place }{ engine-at }：没有度量 { $name }。请在 measures 中声明，或改正拼写。
engine-unknown-input = { $owner } 的 { $place }{ engine-at }：没有指标 { $indicator }。请改正代码，或启用定义它的包。
engine-unknown-dataset = { $owner } 的 { $place }{ engine-at }：没有数据集 { $dataset }。可用 `zhengai dataset list` 查看全部数据集。
engine-unknown-rule = { $owner } 的 { $place }{ engine-at }：没有规则 { $rule }。
engine-at = { $at ->
    [known] {" "}第 { $position } 个字符
   *[unknown] {""}
}
engine-unknown-field = { $owner } 的 { $place }{ engine-at }：数据集 { $dataset } 没有字段 { $field }。可用 `zhengai dataset show { $dataset }` 查看字段。
engine-arguments = { $owner } 的 { $place }{ engine-at }：函数不能用于这种类型的字段：{ $found }。可用 `zhengai dataset show { $dataset }` 查看字段类型。
engine-sql = { $owner } 的 { $place }{ engine-at }：不是可以执行的 SQL：{ $said }
engine-not-mergeable = { $owner } 的 { $place }{ engine-at }：{ $found } 不能由部分合并得到。请使用一个 count、sum、min、max 或 count(distinct …)；平均数请写成总和除以个数。
engine-not-a-number = { $owner } 的 { $place }{ engine-at }：得到的是 { $found }，不是精确的数。请对整数、小数或金额字段聚合。
engine-not-a-condition = { $owner } 的 { $place }{ engine-at }：得到的是 { $found }，不是真或假。请写成比较式。
engine-dataset-or-over = { $owner } 的 { $place }{ engine-at }：dataset 与 over 须且只须给出一个。
engine-over = { $owner } 的 { $place }{ engine-at }：看不懂 { $text }。对指标聚合时，agg 写 count、sum、min 或 max，where 写对 value 的条件，例如 value < 60。
engine-cycle = { $owner } 的 { $place }{ engine-at }：这些指标互相引用：{ $path }。请断开循环。
engine-no-field = { $owner } 的 { $place }{ engine-at }：{ $dataset } 没有字段可以对应到 { $kind } 类对象。请用 by 指明字段，或声明字段的对象或层级关系。
engine-many-fields = { $owner } 的 { $place }{ engine-at }：{ $dataset } 有多个字段可以对应到 { $kind } 类对象：{ $fields }。请用 by 指明其一。
engine-no-master = { $owner } 的 { $place }{ engine-at }：没有数据集描述 { $kind } 类对象。请在其基本信息数据集中声明 object。
engine-grain-of-input = { $owner } 的 { $place }{ engine-at }：{ $indicator } 既不对 { $kind } 计算，也不对其上级计算。请在它的 also 中加上该类对象。
engine-period-of-input = { $owner } 的 { $place }{ engine-at }：{ $indicator } 按 { $kind } 计算，不能供更长的期间引用。请改为对数据聚合。
engine-decimals = { $owner } 的 { $place }{ engine-at }：小数位数 { $digits } 过多，最多 10 位。
