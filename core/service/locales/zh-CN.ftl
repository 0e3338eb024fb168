# 用例的提示。
config-sample-head = 诊改平台配置。去掉行首 # 后生效；未写的项取默认值。用 zhengai config explain 查看各项来源。
config-college-id = 学校标识，用作数据分区，建库后不要更改。
config-college-name = 学校名称，印在报告上。
config-language = 界面语言：zh-CN 或 en；空则随系统。
config-import-review = 导入审核：auto 自动通过无异常的批次，hold 一律人工审核。
config-import-max-delete-share = 一次全量导入最多可删除的比例（0 到 1）。
config-import-hold-reject-share = 被拒行超过该比例时留待人工审核（0 到 1）。
config-import-max-unpacked-bytes = 工作簿解压后的最大字节数。
config-import-max-line-bytes = 一行文本的最大字节数。
config-import-max-cells = 一个工作表的最大单元格数。
config-sync-chunk-rows = 一个数据流读入这么多行后，在下一个检查点成批入库。
config-sync-attempts = 连续多少次没有读到新数据后，停止本次同步。
config-sync-first-wait-ms = 第一次重试前等待的毫秒数，以后逐次加倍。
config-sync-longest-wait-ms = 两次重试之间最多等待的毫秒数。
config-workers-memory-mb = 插件隔离进程可用的内存，单位 MB。
config-workers-cpu-seconds = 插件隔离进程一次任务可用的处理器时间，单位秒。
config-workers-open-files = 插件隔离进程可同时打开的文件数。
config-workers-stall-seconds = 插件隔离进程多少秒没有动静就视为停滞。
config-workers-grace-seconds = 要求停止后，给插件隔离进程自行结束的秒数。
config-engine-view = 组织归属口径：as-was 当时、as-is 现在，或某个日期。
config-portrait-min-peers = 对象画像与同类比较时，同类（含本人）至少多少个；不足时不显示分位与中位数。
config-console-language = 控制台的语言：zh-CN 或 en；空则同 language，再则随系统。
config-console-theme = 控制台的配色：dark、light、high-contrast、colour-blind、mono。
config-console-glyphs = 控制台的字形：auto、unicode、ascii；auto 由终端判断。
config-console-ambiguous = 宽度不定的字符画几格：auto、narrow、wide；auto 时问终端。
config-console-mouse = 控制台是否接管鼠标：on 或 off；F12 随时切换。
config-record-url = 记录所在的数据库：空为数据目录中的 record.db，或写 postgres://用户@主机/库?sslmode=verify-full。请用 zhengai record move 更改。
config-record-password-file = 记录数据库的密码文件，只许所有者读；相对路径从数据目录算起。
config-serve-listen = zhengai serve 监听的地址和端口；本机以外的地址需要证书。
config-serve-tls-certificate = 服务证书文件（PEM，自己的证书在前），相对路径从数据目录算起。
config-serve-tls-key = 证书私钥文件（PEM），只能由所有者读取。
config-serve-clear = 允许不加密访问的来源：loopback（仅本机）或 anywhere（前面另有加密时才用）。
config-serve-hosts = 访问服务所用的主机名，用逗号分隔；空着则不限，监听本机地址时只限本机名。
config-serve-connections = 同时的连接数。
config-serve-requests = 同时处理的请求数，超出的会被拒绝。
config-serve-requests-per-second = 每个用户或地址每秒的请求数。
config-serve-burst = 可一次集中到达的请求数。
config-serve-failures-per-minute = 每个地址每分钟可用错令牌的次数。
config-serve-header-seconds = 请求头最多可用的秒数。
config-serve-body-seconds = 请求体最多可停顿的秒数。
config-serve-request-seconds = 最迟多少秒内开始回答。
config-serve-write-wait-seconds = 请求等待写入的秒数。
config-serve-stop-seconds = 服务停止时留给作业结束的秒数。
config-serve-jobs = 同时等待或运行的作业数。
config-serve-upload-bytes = 单个上传的最大字节数。
config-serve-uploads-bytes = 全部上传合计的最大字节数。
config-origin-default = 默认
config-origin-file = 配置文件
config-origin-environment = 环境变量
config-origin-flag = 命令行
batch-reason-review = 按设置留待人工审核
batch-reason-rejects = 被拒的行超过设定的比例
batch-reason-truncated = 文件可能被截断
batch-reason-interrupted = 程序中断，没有写入任何行
service-no-college = { $data } 里没有学校数据。先运行 zhengai --data { $data } init，或用 --data 指定已有目录。
service-not-empty = { $data } 不是空目录。换一个目录，或清空后再试。
service-directory-busy = { $data } 正被另一个 zhengai 进程（{ $holder }）写入。等它结束后再试，数据没有改动。
service-record-of-other = 记录 { $place } 属于另一个数据目录（学校 { $college }），未作任何改动。请核对 record.url；若那个目录已不再使用，请在这里执行 zhengai record claim --why 理由。
service-password-exposed = 密码文件 { $path } 其他人也能读。请改成只有本人可读（chmod 600）后重试。
service-setting-elsewhere = { $key } 已由{ $origin ->
    [environment] 环境变量（ZHENGAI_RECORD_URL）
   *[other] --set
}指定，优先于配置文件。请先去掉它；什么都没有改动。
service-config-by-hand = { $path } 中 { $key } 的写法不便由程序修改，什么都没有改动。请去掉它，或改写成：{ $lines }
service-record-lost = 记录 { $path } 不见了或是空的，而数据表还在。没有新建记录，什么都没有改动。请把原来的 record.db（连同 record.db-wal）放回原处，或从备份恢复整个数据目录。
service-table-lost = 数据集 { $dataset } 的数据表不见了：{ $path } 不存在，而记录里有已入库的批次。什么都没有改动。请把它放回原处（检查磁盘是否已挂载），或从备份恢复。
service-no-home = 在 { $looked } 旁边没有找到 plugins 和 config 目录。用环境变量 ZHENGAI_HOME 指明安装目录。
service-io = 无法读写 { $path }：{ $problem }
service-io-not-found = 找不到 { $path }。请检查路径。
service-not-a-file = { $path } 不是普通文件（是目录、管道或设备）。请先存成文件再导入。
service-io-denied = 没有权限读写 { $path }。请检查文件权限。
service-io-read-only = { $path } 在只读磁盘上，什么都没有写入。
service-io-full = 磁盘已满，无法写入 { $path }。腾出空间后重试，已提交的数据没有受影响。
service-bad-file = { $path } 第 { $line } 行第 { $column } 列：{ $problem }
service-unknown-setting = 没有“{ $key }”这项设置。可用的设置：{ $known }
service-bad-setting = 设置“{ $key }”不能是“{ $value }”。运行 zhengai config sample 查看说明。
service-packs = 指标包有 { $count } 处错误，逐条如下。改正后重试。
service-indicators = 指标有 { $count } 处错误，逐条如下。改正后重试。
service-fields = 表单有 { $count } 项填写有误，逐条如下。改正后重试。
service-draft-moved = 这份草稿开始之后，{ $code } 已被 { $by } 改过。请先查看差异并合并到草稿，再发布。
service-draft-weights = 质控点 { $point } 下各指标的权重合计为 { $sum }，不是 100。
service-threshold = 这个阈值没有生效，原因有 { $count } 条，逐条如下。改正后重试；确需低于上级标准的，由负责人用 --override 说明理由，并用 --until 写明截止日期。
service-threshold-nation = 国家标准随政策包提供，学校不能自行设置。请用 province、college 或更具体的范围。
service-threshold-grain = 指标 { $indicator } 不按 { $kind } 计算，阈值不会用到。
service-threshold-level = 只有预警值有级别，{ $kind } 没有。
service-what = { $what ->
    [plugin-language] 插件语言（--lang rust 或 --lang c）
    [group] 检查组
    [threshold-kind] 阈值种类（start、process、target、standard、warning、recovery）
    [grain] 粒度
    [level] 预警级别
    [source] 来源
    [dataset] 数据集
    [batch] 批次
    [run] 诊断运行
    [cycle] 周期
    [offset] 起始位置（0 至 1000000000）
    [row-length] 行的单元格数（每行要与列数相同）
    [cycle-template] 周期模板
    [draft] 草稿
    [indicator] 指标
    [source] 数据源
    [stream] 数据流
    [secret] 密钥
    [connector] 连接器插件
    [plugin] 插件
    [period] 期间
    [warning] 预警
    [object] 对象
    [layer] 层面
    [view] 口径
    [date] 日期
    [reason] 原因
    [result] 结果
    [column] 列
    [step] 步骤
    [user] 用户
    [user-name] 用户名（1 到 64 个可见字符，不含空格、/ 和引号）
    [role] 角色
    [purpose] 用途
    [token] 令牌
    [days] 有效天数（1 到 3650）
    [note] 令牌用途说明（不能为空）
    [object-kind] 对象类型
    [version] 版本号
    [backup] 备份
    [audit] 审计记录
    [cell] 单元格（写作 列=值）
    [key] 公钥
    [kind] 对象类型
    [rule] 规则
    [screen] 界面
    [setting] 设置
    [sql] 查询语句
    [unit] 单位
   *[other] { $what }
}
service-not-found = 没有这个{ service-what }：{ $name }。用相应的 list 命令查看已有的。
service-not-found-near = 没有这个{ service-what }：{ $name }。是不是 { $near }？
service-bad-argument = “{ $value }”不是有效的{ service-what }。写法：命令行见 --help，接口见 /v1/openapi.json。
service-unknown-purpose = 没有“{ $named }”这个用途。请使用以下用途之一（--purpose 或请求头 x-purpose）：{ $known }
service-state = { $state ->
    [staging] 暂存中
    [held] 待审核
    [applying] 写入中
    [applied] 已入库
    [refused] 已退回
    [failed] 失败
    [running] 进行中
    [finished] 完成
    [open] 进行中
    [grace] 宽限
    [locked] 已锁定
    [signed] 已签发
    [closed] 已结束
    [disabled] 停用
    [changed] 文件已变，停用
   *[other] { $state }
}
service-wrong-state = { service-what } { $name } 的状态是“{ service-state }”，不能这样操作。{ $what ->
    [batch] 只有待审核的批次可以批准或退回。
    [run] 只有完成的诊断运行才有结果，用 zhengai run list 查看。
    [cycle] 已结束的周期不再接收诊断，请另建周期。
    [source] 先启用：zhengai source enable { $name }
    [plugin] 先启用：zhengai plugin enable { $name }
   *[other] {""}
}
service-mapping-for-other = 映射文件是为数据集 { $mapping } 写的，命令要导入 { $dataset }。改 --dataset 或换映射文件。
service-period-locked = 有 { $rows } 行落在期间 { $period } 内，该期间{ service-state }。先解锁（zhengai period unlock），或去掉这些行。什么都没有写入。
service-cancelled = 已按要求停止。已提交的数据都在，没有提交的什么都没有写入。
service-computed-dataset = 数据集 { $dataset } 由插件计算得出，不能导入。
service-sheet-full = 有 { $rows } 行，一张工作表最多 { $most } 行，写不进 { $path }。请改用 .csv 或 .parquet。
service-workbook = 无法写出 { $path }：{ $problem }
service-template = 报告模板有误：{ $problem }
service-internal = 程序内部错误：{ $what }。请连同日志报告给开发者。
service-quarantined = 插件 { $plugin } { $version } 连续出错，已于 { $day } 隔离停用，其他插件不受影响。修好或换新版本后运行 zhengai plugin enable { $plugin } 解除隔离。最后一次的错误：
service-shipped-plugin = 插件 { $plugin } 随程序提供，本来就在进程内运行，无需信任。
service-secret-missing = 配置项 { $field } 引用的密钥 { $secret } 还没有存入。先运行 zhengai secret set { $secret }。
service-secret-empty = 密钥 { $secret } 的值是空的，没有存入。请从标准输入或用 --file 给出值。
service-secret-in-use = 密钥 { $secret } 正被数据源 { $source } 使用，不能删除。先改写或删除该数据源。
service-fetches-nothing = { $plugin } 不能用作数据源：它自己不取数据。文件请用导入；数据源需要连接其他系统的连接器（见 docs/sources.zh-CN.md）。
service-choose-component = 插件 { $plugin } 没有组件“{ $wanted }”。用 --component 指明其一：{ $known }
service-no-catalogue = 连接器 { $plugin } 不提供数据流目录。请用 --streams 文件写明要读的数据流。
service-no-streams = 数据源 { $source } 没有可读的数据流：没有与数据集同名的。用 zhengai source discover 查看数据流，再用 --streams 文件写明哪个数据流进哪个数据集。
service-source-waits = 数据源 { $source } 的批次 { $batch } 还在等待审核。先批准或退回它，再删除数据源。
sync-notice-again = { $stream }：读取中断过，已从上次提交的位置重新读取。中断原因：
sync-notice-from-start = { $stream }：连接器不支持接续读取，已改为从头读取。
sync-notice-quarantined = { $stream }：插件 { $plugin } 两次出错，这个版本已隔离停用。修好或换新版本后运行 zhengai plugin enable { $plugin }。

# 诊断报告。
report-title = 内部质量保证体系自我诊断报告
report-facts = 一、基本情况
report-counts = 二、诊断结果
report-points = 三、质控点诊断
report-problems = 四、问题、原因与改进
report-warnings = 预警
report-gaps = 数据缺口
report-sources = 数据来源
report-provenance = 结果依据
report-overview = 各层面判定分布
report-all = 合计
report-varies = 因对象而异
report-layer = 层面
report-point = 质控点
report-indicator = 指标
report-code = 代码
report-name = 名称
report-item = 项目
report-value = 现实值
report-unit = 单位
report-target = 目标值
report-standard = 标准值
report-warning-value = 预警值
report-objects = 对象数
report-met-share = 达标率
report-verdict = 判定
report-other = 不适用等
report-unmet-change = 不达标增减
report-warnings-change = 预警增减
report-counts-note = 每个指标对每个对象计一次；没有设标准的指标只给数值，计入“不适用等”。
report-compared-with = 对比运行：
report-no-previous = 没有更早的同类运行可比。
report-unverified = 未核实
report-unverified-note = 标有“未核实”的阈值尚未由管理员对照原文核实。
report-object = 对象
report-object-id = 编号
report-more = 未列出的还有：
report-advice = 改进建议
report-cause = 原因分析
report-measure = 改进措施
report-effect = 改进成效
report-effect-note = （由责任人在改进后填写）
report-none = 无。
report-level = 级别
report-rule = 规则
report-because = 触发依据
report-handling = 处理
report-reason = 原因
report-dataset = 数据集
report-rows = 行数
report-version = 版本
report-file = 最近文件
report-applied = 入库时间
report-synthetic = 本报告所用数据由程序合成，仅供培训，不反映任何真实学校。
report-footer = 由诊改平台根据诊断结果生成。原因分析、改进措施和改进成效由责任人填写。
report-sheet-summary = 基本情况
report-sheet-counts = 判定统计
report-sheet-points = 质控点
report-sheet-problems = 问题与改进
report-sheet-warnings = 预警
report-sheet-gaps = 数据缺口
report-sheet-sources = 数据来源
report-fact-period = 期间
report-fact-run = 诊断运行
report-fact-started = 诊断时间
report-fact-indicators = 指标数
report-fact-objects = 对象数
report-fact-layers = 层面
report-fact-fingerprint = 指纹
report-fact-view = 组织归属口径
report-fact-engine = 程序版本
report-fact-actor = 执行人
verdict-achieved = 达成目标
verdict-met = 达标
verdict-unmet = 不达标
verdict-undetermined = 无法判定
verdict-not-applicable = 不适用
verdict-not-due = 未到期
verdict-unjudged = 未设标准
state-number = 有值
state-undetermined = 无法判定
state-not-applicable = 不适用
state-not-due = 未到期
gap-no-data = 无数据
gap-input = 所依据的指标没有值
gap-zero-denominator = 分母为零
gap-below-minimum = 样本数不足
gap-overflow = 数值超出范围
gap-population = 不适用：不在指标的对象范围内
gap-layer-disabled = 不适用：所依据的层面未启用
gap-closed = 不适用：对象在该期间不存在
gap-idle = 不适用：该期间没有相应的活动（如未开课）
service-no-run = 还没有完成的诊断运行。先运行 zhengai diagnose --period 期间。
list-separator = ；
reject-line = 行号
reject-column = 列
reject-rule = 规则
reject-reason = 原因
reject-sheet = 被拒的行
handling-new = 未处理
handling-acknowledged = 已确认
handling-in-progress = 处理中
handling-resolved = 已办结
handling-reopened = 重开

# 示范校
service-demo-students = 示范校不能是 { $students } 名学生：至少 { $least } 名、至多 { $most } 名。请改用 --students 指定其间的人数。
service-demo-write = 写不了示范校文件 { $path }：{ $detail }。请检查磁盘空间与写权限后重试。
report-yes = 是
report-no = 否
report-within = 属于
backup-exists = { $path } 已存在。备份从不覆盖已有文件，请换一个文件名。
backup-inside = { $path } 在数据目录里面，数据目录丢了备份也一起丢。请存到另一块磁盘上。
backup-contradiction = 记录里说 { $wanted } 已写入 { $table }，但该表（版本 { $found }）里没有。这样备份会把损坏一起带走。请先运行 zhengai doctor。
backup-file-gone = { $table } 需要的文件 { $path } 不见了，缺了它的备份无法恢复。请先运行 zhengai doctor。
backup-unquiet = 试了 { $attempts } 次，待审核的批次一直在变动。请在没有人审核批次时再试。
backup-moving = 读取期间 { $path } 被改动。请再试一次。
backup-no-backup = { $archive } 不是本平台的备份文件。
backup-format = { $archive } 的格式版本是 { $found }，由 zhengai { $program } 写成。请用该版本或更新的程序。
backup-damaged = 备份 { $archive } 已损坏：{ $entry ->
    [SHA256] 文件末尾
   *[other] { $entry }
} { $what ->
    [cut] 处中断，后面的内容缺失
    [changed] 与写入时不一致
    [missing] 缺失
    [foreign] 不该出现在备份里
    [unreadable] 无法读取
    [log] 指向备份里没有的文件
   *[written] 写到磁盘后与备份不一致
}。请换一份备份；没有恢复任何内容。
backup-not-empty = { $data } 不是空目录。请恢复到新的目录，已有的内容不会被覆盖。
backup-busy = 另一个进程正在恢复到 { $data }。等它结束后再试。
doctor-record-damaged = 记录数据库 { $subject } 已损坏：{ $problem }
doctor-do-record-damaged = 停止写入，先把数据目录原样复制一份，再恢复最近的备份。
doctor-record-closed = 无法打开记录 { $subject }。
doctor-do-record-closed = 按提示排除原因；文件丢失时请恢复最近的备份。
doctor-audit-broken = 审计链在第 { $subject } 条中断：该条{ $cause ->
    [removed] 被删除
    [added] 是在末尾之后添加的
   *[other] 被改动，或被换到了别的位置
}。
doctor-do-audit-broken = 有人直接改过数据库。请与最近的备份对照（在备份上运行 zhengai audit list），查清是谁。
doctor-clock-behind = 系统时钟是 { $subject }，而记录里最新的一条是 { $newest }。
doctor-do-clock-behind = 请校准本机时钟；在此之前写入的记录，时间会晚于时钟。
doctor-log-gap = { $subject } 的表日志缺少版本 { $version }。
doctor-do-log-gap = 这张表的数据已不可信，请恢复最近的备份。
doctor-log-unreadable = 无法读取 { $subject } 的表日志。
doctor-do-log-unreadable = 按提示排除原因，或恢复最近的备份。
doctor-file-missing = { $table } 从版本 { $version } 起需要的文件 { $subject } 不见了。
doctor-do-file-missing = 从备份中取回：此后的每份备份里都有同名文件。
doctor-old-file-missing = { $table } 版本 { $version } 用过的文件 { $subject } 不见了，最新版本不再用它。
doctor-do-old-file-missing = 当前结果不受影响，但以前诊断的 why 可能失败。请从备份中取回；不要用其他工具清理（vacuum）这些表。
doctor-batch-not-in-table = 批次 { $subject } 记为已入库，但 { $dataset } 里没有它。
doctor-do-batch-not-in-table = 表比记录旧。请恢复一份两者一致的备份。
doctor-unknown-in-table = { $table } 里有 { $subject }，而记录里没有它。
doctor-do-unknown-in-table = 记录比表旧。请恢复一份两者一致的备份。
doctor-orphan = 没有任何表版本用到 { $subject }（{ $bytes } 字节）：可能是中断的程序留下的，也可能正在写入。
doctor-do-orphan = 没有人写入时，用 zhengai doctor --fix 删除。
doctor-staging-left = 暂存目录 { $subject } 里的行已经没有用处。
doctor-do-staging-left = 记录里没有的批次，用 zhengai doctor --fix 删除其目录；其余的无害。
doctor-disk-low = { $subject } 所在磁盘剩余 { $free } 字节；最大的表占 { $needed } 字节，全量导入要重写一遍。
doctor-do-disk-low = 下次全量导入之前请腾出空间。
doctor-definition = 指标定义自相矛盾。
doctor-do-definition = 请改正 { $subject }，改正之前无法诊断。
doctor-below-floor = { $subject } 的取值比上级要求宽松。
doctor-do-below-floor = 收紧 { $subject } 的取值，或按规定说明理由申请例外。
doctor-no-source = 指标 { $subject } 没有写明数据来源。
doctor-do-no-source = 为 { $subject } 补上数据来源（sources）。
doctor-no-owner = 指标 { $subject } 没有责任部门。
doctor-do-no-owner = 为 { $subject } 补上责任部门（owners）。
doctor-unverified = 正在生效的 { $count } 项出自“{ $subject }”，尚未与原文核实：{ $names }
doctor-do-unverified = 与原文核对后，写上 verified = true。
doctor-expired = { $subject } 的{ $kind ->
    [start] 初始值
    [process] 过程值
    [target] 目标值
    [standard] 标准值
    [warning] 预警值
    [recovery] 恢复值
   *[other] { $kind }
} { $when }（{ $source }）已于 { $to } 到期，没有后续取值。
doctor-do-expired = 请设定 { $subject } 现行的取值。
doctor-unread = { $subject } 里有数据，但没有指标、规则或其他数据集用到它。
doctor-do-unread = 为 { $subject } 定义指标，或不再导入。
doctor-plugin-changed = { $folder } 里的插件 { $subject } 与批准时不同，已停用。
doctor-do-plugin-changed = 请查清是谁改的。要接受改动，运行 zhengai plugin enable { $subject }
doctor-plugin-gone = 插件 { $subject } { $version } 是启用的，但找不到它。
doctor-do-plugin-gone = 把它放回插件目录，或运行 zhengai plugin disable { $subject } 停用。
doctor-plugin-refused = 插件目录里有一个文件夹不是插件。
doctor-do-plugin-refused = 改正或移走这个文件夹。
doctor-never-fires = { $subject }：{ $count } 条规则在多次诊断中从未触发：{ $names }
doctor-do-never-fires = 请考虑它的预警值是否还有意义。
doctor-always-fires = 规则 { $subject } 对所有对象都触发：{ $runs } 次诊断，{ $objects } 个取值。
doctor-do-always-fires = 人人都有的预警等于没有预警。请检查预警值或数据。
doctor-stale-dataset = { $subject } 最近一次更新是 { $newest }，早于 { $period } 结束（{ $end }）。
doctor-do-stale-dataset = 请把该期间的数据导入 { $subject }。
doctor-stale-source = 数据源 { $subject } 最近一次读取是 { $day }；等待它的数据集：{ $datasets }
doctor-do-stale-source = 运行 zhengai sync { $subject }
doctor-failing-source = 数据源 { $subject } 最近一次同步（{ $sync }，{ $day }）失败。
doctor-do-failing-source = 用 zhengai source show { $subject } 查看原因，排除后运行 zhengai sync { $subject }
service-not-locked = 插件 { $plugin } 与 plugins.lock 不一致：{ $what }。确认变动无误后执行“zhengai plugin lock”，否则请查明是谁改动的。
mend-nothing = 没有指定批次 { $batch } 中待修正的行。请写明行号和改后的单元格，或提交改好的退回数据导出文件。
mend-no-line = 批次 { $batch } 没有退回第 { $line } 行。请用 zhengai reject list { $batch } 查看被退回的行。
mend-twice = 批次 { $batch } 的第 { $line } 行写了两次。请只保留一处。
mend-no-column = 批次 { $batch } 的第 { $line } 行没有“{ $column }”列。现有的列：{ $known }。
mend-mended = 批次 { $batch } 的第 { $line } 行此前已修正，并随批次 { $by } 入库。如需再改，请重新导入该行。
mend-waits = 批次 { $batch } 的第 { $line } 行已在批次 { $by } 中等待审核。请先批准或驳回该批次。
mend-undecided = 批次 { $batch } 本身还没有审定。请先批准或驳回，再修正其中被退回的行。
mend-no-lines = { $path } 里没有行号列。请在退回数据的导出文件上修改，并保留以 # 开头的列。
mend-bad-line = { $path } 中的“{ $text }”不是行号。请保持导出时的行号列不变。
config-query-rows = 查询台一次查询最多返回的行数。
config-query-seconds = 查询台一次查询运行多少秒后停止。
config-query-memory-mb = 查询台一次查询可用的内存，单位 MiB。
right-name = { $right ->
    [read-results] 查看结果与预警
    [read-personal] 查看个人数据
    [read-rows] 查看数据行
    [query] 使用查询台
    [handle-warnings] 处置预警
    [define-indicators] 编辑指标与阈值草稿
    [publish-indicators] 发布指标与阈值
    [run-diagnosis] 运行诊断
    [manage-cycles] 管理诊断周期
    [import-data] 导入数据
    [review-data] 审核数据
    [manage-sources] 管理数据源
    [write-reports] 生成与导出报告
    [read-audit] 查看审计
    [manage-plugins] 管理插件
    [manage-users] 管理用户与令牌
    [manage-system] 管理系统（配置、备份、体检）
   *[other] { $right }
}
service-forbidden = 您没有“{ right-name }”权限（{ $right }）。拥有该权限的角色：{ $roles }。请向管理员申请其中之一。
service-forbidden-nobody = 您没有“{ right-name }”权限（{ $right }），目前也没有任何角色拥有它。请管理员在 roles.toml 中把它加给某个角色。
service-whole-college = 此操作需要全校范围的“{ right-name }”权限（{ $right }），而您只有部分范围。请只查询自己范围内的内容，或请有全校权限的人操作。
service-not-authenticated = 该令牌不被接受：可能不存在、已过期、已吊销，或其用户已停用。请向管理员索取新令牌（zhengai token create）。
service-roles = { $path } 有 { $count } 处错误，列在下面。请改正后重试。
service-role-needs = { $needs ->
    [units] 角色 { $role } 至少需要一个单位：--unit department/D03
    [person] 角色 { $role } 只针对本人数据；请先说明该用户是谁：--person teacher/T00001
   *[no-units] 角色 { $role } 只针对本人数据，不能指定单位。
}
rights-masked-right = 涉及个人的数据行已隐藏：您没有查看个人数据的权限。拥有该权限的角色：{ $roles }。
rights-masked-purpose = 涉及个人的数据行已隐藏，需先说明用途。您可以使用的用途（--purpose 或请求头 x-purpose）：{ $purposes }
rights-masked-other-purpose = 涉及个人的数据行已隐藏：“{ $named }”不在您可用的用途之列。您可以使用的用途（--purpose 或请求头 x-purpose）：{ $purposes }
rights-masked-sensitive = 心理、一卡通与健康数据已隐藏，需使用可查看这类数据的用途。您可以使用的用途（--purpose 或请求头 x-purpose）：{ $purposes }
rights-masked-scope = 涉及个人的数据行已隐藏：不在您负责的范围之内。

## 五纵
system-command = 决策指挥
system-generation = 质量生成
system-resources = 资源建设
system-support = 支持服务
system-control = 监督控制
system-none = 未归入系统

# 撤销
service-too-many = 一次最多处理 { $most } 条，这里有 { $count } 条。请缩小范围，或分几次处理。
service-undo-nothing = 没有可以撤销的操作。能撤销的有：预警处理、阈值设定与撤回、插件启停、期间锁定与解锁、数据源变更。
service-undo-not-last = 最近的操作是审计第 { $last } 条，不是第 { $asked } 条。请刷新后再撤销。
service-undo-changed = 这项操作之后，{ $subject } 已经变了，不能再撤销。
service-undo-changed-by = { $by } 已于 { $at } 改动了 { $subject }，不能再撤销这项操作。请先看审计记录。
service-undo-plugin-changed = 插件 { $plugin } 的文件已经变了。重新启用就是认可新文件，请用“启用”而不是“撤销”。
undo-warning-acknowledge = 确认预警 { $subject }
undo-warning-acknowledge-many = 确认 { $count } 条预警
undo-warning-assign = 指派预警 { $subject }
undo-warning-assign-many = 指派 { $count } 条预警
undo-warning-silence = 静默预警 { $subject }
undo-warning-silence-many = 静默 { $count } 条预警
undo-warning-resolve = 办结预警 { $subject }
undo-warning-resolve-many = 办结 { $count } 条预警
undo-warning-reopen = 重开预警 { $subject }
undo-warning-reopen-many = 重开 { $count } 条预警
undo-warning-inhibit = 抑制预警 { $subject }
undo-warning-inhibit-many = 抑制 { $count } 条预警
undo-warning-shelve = 搁置预警 { $subject }
undo-warning-shelve-many = 搁置 { $count } 条预警
undo-warning-speak = 恢复提醒预警 { $subject }
undo-warning-speak-many = 恢复提醒 { $count } 条预警
undo-threshold-set = 设定 { $indicator } 的阈值 { $when }
undo-threshold-withdraw = 撤回 { $indicator } 的阈值 { $when }
undo-plugin-enable = 启用插件 { $plugin }
undo-plugin-disable = 停用插件 { $plugin }
undo-period-locked = 锁定期间 { $period }
undo-period-grace = 解锁期间 { $period }
undo-period-open = 开放期间 { $period }
undo-source-enable = 启用数据源 { $source }
undo-source-disable = 停用数据源 { $source }
undo-source-change = 修改数据源 { $source }
service-setting-fixed = { $key } 不在这里修改。记录库用 zhengai record move 迁移；学校标识不能更改。
