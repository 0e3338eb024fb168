# 规则与定义的提示。
model-bad-scope = “{ $text }”不是适用范围。写法：college、province、unit:department:D01（单位及其下属）、group:major:字段=值、object:teacher:T00001。
model-bad-condition = “{ $text }”不是比较条件，应写成 >= 95、< 90、in [0, 5] 或 not in [6, 24] 的形式。
model-bad-id = “{ $text }”不合要求，应为{ $kind ->
        [dataset-id] 数据集标识：小写字母开头，只用小写字母、数字和 _
        [field-name] 字段名：小写字母开头，只用小写字母、数字和 _
        [measure-name] 度量名：小写字母开头，只用小写字母、数字和 _
        [object-kind] 对象类型：小写字母开头，只用小写字母、数字和 _
        [indicator-code] 指标代码：大写字母开头，只用大写字母、数字和 -
        [rule-id] 规则标识：大写字母开头，只用大写字母、数字和 -
        [control-point-id] 质控点标识：小写字母开头，只用小写字母、数字、- 和 .
        [plugin-id] 插件标识：小写字母开头，只用小写字母、数字、- 和 .
        [source-id] 数据源标识：小写字母开头，只用小写字母、数字、- 和 .
        [warning-level] 预警级别：小写字母开头，只用小写字母、数字、- 和 .
        [period-id] 期间标识，例如 AY2025-T1
        [object-id] 对象标识：首尾无空格的可见文字，不超过 256 字节
       *[other] 标识：只用字母、数字、- 和 _
    }。请改正后重试。
model-bands-gap = 各档之间有空隙：有的数值不属于任何一档。请让相邻两档首尾相接。
model-bands-overlap = “{ $first }”与“{ $second }”两档重叠：同一数值属于两档。请把其中一端改为开区间。
model-because-change-last-year = { $indicator } 由上年同期 { $before } 变为 { $now }，变化 { $change }，符合条件 { $when }
model-because-change-previous = { $indicator } 由上期 { $before } 变为 { $now }，变化 { $change }，符合条件 { $when }
model-because-consecutive = { $indicator } 连续 { $periods } 期符合条件 { $when }（由近及远：{ $values }）
model-because-cumulative = { $indicator } 在最近 { $within } 期中有 { $times } 期符合条件 { $when }（由近及远：{ $values }）
model-because-due = { $indicator }：还剩 { $left } 天，不多于 { $within } 天
model-because-few-peers = { $indicator } 可比对象只有 { $found } 个，少于 { $at-least } 个
model-because-history = 规则 { $rule } 在此前 { $within } 期中触发过 { $times } 次
model-because-missing = { $indicator } 没有数值：{ $instead ->
        [undetermined] 无法判定
        [not-applicable] 不适用
        [not-due] 未到期
        [number] 有数值
       *[unknown] 无记录
    }
model-because-never-loaded = 数据集 { $dataset } 从未导入数据
model-because-no-firings = 不知道规则 { $rule } 在前推 { $back } 期是否触发
model-because-no-last-year = { $indicator } 没有上年同期的数值
model-because-no-number = { $indicator } 前推 { $back } 期没有数值：{ $instead ->
        [undetermined] 无法判定
        [not-applicable] 不适用
        [not-due] 未到期
        [number] 有数值
       *[unknown] 无记录
    }
model-because-no-plan = { $indicator } 没有设置过程值
model-because-no-warning-value = { $indicator } 没有设置预警值
model-because-not = 条件“{ $test }”不成立
model-because-overdue = { $indicator }：已逾期 { $past } 天（提前 { $within } 天提醒）
model-because-overflow = { $indicator } 的数值超出可计算范围
model-because-pace = { $indicator } 为 { $value }，未达到过程值 { $plan }
model-because-peers = { $indicator } 为 { $value }，同类 { $of } 个对象中只有 { $worse } 个更差，属于最差的 { $worst }
model-because-stale = 数据集 { $dataset } 已有 { $age } 天没有新数据，超过 { $days } 天
model-because-value = { $indicator } 为 { $value }，符合条件 { $when }
model-because-warning = { $indicator } 为 { $value }，触及预警值 { $when }（{ $level }）
model-because-zero-before = { $indicator } 的前期数值为零，无法计算百分比变化
model-calendar-circle = 期间的包含关系成了循环：{ $kind ->
        [calendar-year] 自然年
        [academic-year] 学年
        [term] 学期
        [month] 月
        [teaching-week] 教学周
        [day] 日
        [project-stage] 项目阶段
       *[custom] 自定义期间
    } 包含了自己。请检查 contains 一节。
model-calendar-empty = 期间 { $id } 的结束日期不晚于开始日期。请改正日期。
model-calendar-id = 期间标识 { $id } 不合要求或重复。自定义期间请另取标识，年份请写成 AY2025。
model-calendar-not-declared = { $inner ->
        [calendar-year] 自然年
        [academic-year] 学年
        [term] 学期
        [month] 月
        [teaching-week] 教学周
        [day] 日
        [project-stage] 项目阶段
       *[custom] 自定义期间
    }的数值不能汇总到{ $outer ->
        [calendar-year] 自然年
        [academic-year] 学年
        [term] 学期
        [month] 月
        [teaching-week] 教学周
        [day] 日
        [project-stage] 项目阶段
       *[custom] 自定义期间
    }：校历没有声明这种包含关系。请在校历 contains 一节声明，或换一种期间。
model-calendar-syntax = 校历第 { $line } 行无法读取：{ $detail }。请改正后重试。
model-calendar-terms = 校历 { $year } 的学期 { $term } 次序不对：第一学期应从学年第一天开始，编号依次为 T1、T2……，起始日期依次递增。
model-calendar-weeks = 校历 { $year } 学期 { $term } 的教学周超出学期范围。请改正第一周日期或周数。
model-check-circle = 指标互相引用成了循环：{ $way }。请去掉其中一处引用，或改用 prev() 引用上期。
model-check-dates = { $indicator } 的阈值失效日期不晚于生效日期。请改正日期。
model-check-decimals = 小数位数 { $decimals } 太多，最多 10 位。
model-check-measure-by = 度量 { $measure } 的 by 字段 { $field } 不在数据集 { $dataset } 中。
model-check-measure-empty = 度量 { $measure } 没有写聚合式 agg。
model-check-measure-over = 度量 { $measure } 汇总其他指标时只能用 count、sum、min 或 max，不能用“{ $agg }”。
model-check-measure-source = 度量 { $measure } 应在 dataset 与 over 中恰好写一个。
model-check-name-twice = 名称“{ $name }”已用于指标 { $first }。口径不同的指标请用不同的名称。
model-check-no-dataset = 没有数据集 { $dataset }。请检查拼写，或启用定义它的层面插件。
model-check-no-indicator = 没有指标 { $indicator }。请检查代码，或启用定义它的层面插件。
model-check-no-inputs = 计算数据集 { $dataset } 没有声明输入。
model-check-no-kind = 没有数据集描述“{ $kind }”这类对象。请在主数据集中声明 object，或改正指标的粒度。
model-check-no-group = { $kind } 的主数据集没有字段“{ $field }”，不能按它分组。
model-check-no-level = 没有预警级别 { $level }。请使用策略中已定义的级别。
model-check-no-measure = 表达式用到的度量 { $measure } 没有定义。
model-check-no-point = 没有质控点 { $point }。请先在 indicators 文件中用 [[point]] 定义。
model-check-no-rule = 没有预警规则 { $rule }。
model-check-quantity-judged = { $indicator } 是命名量，只计算不判断，不能写目标值、标准值或预警值。
model-check-reference = 数据集 { $dataset } 的字段 { $field } 引用的 { $target } 不存在。
model-check-rule-grain = 规则针对“{ $kind }”，但指标 { $indicator } 不按这类对象计算。请改正 grain，或在指标的 also 中加上它。
model-check-rule-test = 规则中的 { $test } 写法无意义：{ $why }。
model-check-unused-measure = 度量 { $measure } 定义了却没有用到。请删去，或在表达式中使用。
model-cycle-empty = 诊改周期模板没有步骤。
model-cycle-loops-apart = 小循环步骤 { $step } 之后回不到大循环。请在 next 中写明返回的步骤。
model-cycle-no-diagnosis = 诊改周期模板没有诊断步骤。请把至少一个步骤标为 diagnoses = true。
model-cycle-start = 诊改周期应从大循环开始，但第一步 { $step } 属于小循环。
model-cycle-step-twice = 步骤 { $step } 出现两次。
model-cycle-unknown-next = 步骤 { $step } 的下一步 { $next } 不存在。
model-cycle-unreachable = 从第一步走不到步骤 { $step }。请在前面某一步的 next 中写上它。
model-dataset-bound = 字段 { $field } 的 min 或 max “{ $bound }”与字段类型不符。
model-dataset-bounds-crossed = 字段 { $field } 的最小值大于最大值。
model-dataset-check-empty = 检查规则 { $check } 没有写 SQL 条件。
model-dataset-check-twice = 检查规则 { $check } 出现两次。
model-dataset-code-without-table = 代码型字段 { $field } 没有指明代码表 codes。
model-dataset-edge-without-start = { $child } 的隶属关系写了结束字段却没有开始字段。
model-dataset-empty-table = 字段 { $field } 的代码表 { $table } 是空的。
model-dataset-field-twice = 字段 { $field } 出现两次。
model-dataset-header-twice = 列名“{ $header }”同时指向字段 { $first } 和 { $field }。请去掉其中一个别名。
model-dataset-money-type = 字段 { $field } 的单位是金额，类型应为 money。
model-dataset-money-without-unit = 金额字段 { $field } 必须写明单位（元或万元）。
model-dataset-no-field = 没有字段 { $field }，但{ $part ->
        [key] 主键
        [time] 时间 time
        [object] 对象 object
       *[edge] 隶属关系 edge
    }用到了它。
model-dataset-no-key = 数据集没有主键。请用 key 列出能唯一确定一行的字段。
model-dataset-no-table = 字段 { $field } 用到的代码表 { $table } 没有定义。
model-dataset-object-dates = 字段 { $field } 说明对象的起止，类型应为 date。
model-dataset-object-key = 描述对象的数据集，主键应包含对象标识字段 { $field }。
model-dataset-reference = 字段 { $field } 的 references “{ $reference }”应写成 数据集.字段。
model-dataset-scale = 字段 { $field } 的 scale 只用于 decimal 和 money，且不超过 10。
model-dataset-table-without-code = 字段 { $field } 写了代码表，类型应为 code。
model-dataset-time-type = 时间字段 { $field } 的类型与 by 不符：date 和 snapshot 用日期，period 用文本。
model-expr-arguments = 表达式第 { $position } 个字符：函数 { $name } 应写成 { $wanted }。
model-expr-bad-name = 表达式第 { $position } 个字符：“{ $text }”不是度量名或指标代码。度量用小写，指标写成 @CODE。
model-expr-end = 表达式在第 { $position } 个字符处没有写完。
model-expr-too-big = 表达式在第 { $position } 个字符处太长或嵌套太深。请拆成几个命名量。
model-expr-unexpected = 表达式第 { $position } 个字符：这里不应出现“{ $found }”。
model-expr-unknown-function = 表达式第 { $position } 个字符：没有函数 { $name }。可用：if、round、min、max、abs、or_zero、prev、last_year。
model-form-choice = “{ $value }”不在可选范围内，请从列表中选择。
model-form-number = “{ $value }”不是这里要求的数。
model-form-required = 此项必填。
model-form-twice = “{ $value }”已有，请换一个名称。
model-check-weight = 权重是大于 0、不超过 100 的百分数，不能是 { $weight }。
model-pack-defined-twice = { $id } 已在 { $first } 中定义。请改用另一个标识。
model-pack-missing-key = 缺少必填项 { $key }。
model-pack-no-manifest = 指标包缺少 plugin.toml 或 pack.toml。
model-pack-syntax = 无法读取：{ $detail }
model-pack-twice = 插件 { $id } 出现两次。请只保留一份。
model-pack-two-manifests = 指标包里 plugin.toml 与 pack.toml 只能有一个。
model-pack-unknown-file = 不认识的文件位置。TOML 文件应放在 datasets、indicators、rules、policy 或 cycles 目录下。
model-pack-unknown-key = 不认识的项 { $key }。可用的有：{ $known }
model-period-locked = 期间 { $period } 已锁定，不再接收数据。确需补报，请先登记例外（说明人、原因和截止日期）。
model-period-signed = 期间 { $period } 已签发，数据不再变动。
model-period-state-change = 期间 { $period } 不能由“{ $from ->
        [open] 开放
        [grace] 宽限
        [locked] 锁定
       *[signed] 签发
    }”改为“{ $to ->
        [open] 开放
        [grace] 宽限
        [locked] 锁定
       *[signed] 签发
    }”。
model-threshold-direction = { $kind ->
        [start] 初始值
        [process] 过程值
        [target] 目标值
        [standard] 标准值
        [warning] 预警值
       *[recovery] 恢复值
    } { $when } 与指标方向（{ $direction ->
        [higher] 越高越好
        [lower] 越低越好
        [within] 区间最优
        [yes-no] 是/否
       *[level] 等级
    }）相反。请改正比较符。
model-threshold-looser = { $indicator }：{ $proposed } 宽于{ $scope ->
        [nation] 国家
        [province] 省
        [college] 学校
        [unit] 单位
        [group] 分组
       *[object] 对象
    }标准 { $floor }（{ $source }）。请改为不低于该标准，或由有权限的人登记例外。
model-threshold-lowered = { $indicator }：规划的核心目标 { $old } 修订时不得降低为 { $new }。
model-threshold-not-nested = 目标值 { $target } 与{ $kind ->
        [start] 初始值
        [process] 过程值
        [target] 目标值
        [standard] 标准值
        [warning] 预警值
       *[recovery] 恢复值
    } { $when } 矛盾：达到目标的数值应同时达到后者。
model-threshold-recovery-in-warning = 恢复值 { $recovery } 与预警值 { $warning } 重叠：同一数值会同时预警和解除。
model-threshold-warning-in-target = 预警值 { $warning } 与目标值 { $target } 重叠：达到目标的数值不应预警。
model-unit-mixed = 表达式把 { $left } 与 { $right } 相加减或相比较，单位不一致。请先换算。
model-unit-scale = 表达式的结果与声明的单位 { $declared } 相差 { $found } 倍。请在表达式中换算，例如乘 100 或除以 10000。
model-unit-wrong = 表达式的结果是 { $found }，声明的单位却是 { $declared }。请改正单位或公式。
model-warning-gone-not-cured = 对象已撤销，不能以“已整改”办结。请选择其他原因。
model-warning-handling = 预警处于“{ $handling ->
        [new] 新建
        [acknowledged] 已确认
        [in-progress] 处理中
        [resolved] 已办结
       *[reopened] 已重开
    }”，不能这样操作。
model-warning-no-reason = 请写明操作人和原因。
model-warning-pending = 预警尚在观察中，还不能处理。
model-warning-silence-past = 静默截止日期 { $until } 已到。请选择以后的日期。
model-bad-place = “{ $text }”不是对象。请写成 类型/编号，例如 department/D03 或 teacher/T00001。
model-roles-bad-id = roles.toml 中的“{ $id }”不是合格的标识。请用小写字母、数字和 -，以字母开头。
model-roles-form = roles.toml 第 { $line } 行无法读取：{ $problem }。请改正后重试。
model-roles-nameless = roles.toml 中的“{ $id }”有空的名称。请给出中文和英文的 names 与 about。
model-roles-nobody = 没有任何全校范围的角色拥有权限 { $right }，这项功能将无人可用。请在 roles.toml 中把它加给一个 reach = "college" 的角色。
model-roles-powerless = roles.toml 中的角色“{ $role }”没有任何权限。请至少给它一项，或删去该角色。
model-roles-purposeless = roles.toml 中的角色“{ $role }”：权限 read-personal 与 purposes 必须同时给出，或都不给。
model-roles-twice = roles.toml 中“{ $id }”出现了两次。请删去或改名其中一个。
model-roles-unknown-layer = roles.toml 中的角色“{ $role }”写了不存在的层面“{ $layer }”。可用的有：{ $known }。
model-roles-unknown-purpose = roles.toml 中的角色“{ $role }”写了文件未定义的用途“{ $purpose }”。请增加 [[purpose]] 或改正名称。
model-roles-unknown-right = roles.toml 中的角色“{ $role }”写了不存在的权限“{ $right }”。可用的有：{ $known }。
