# 记录（core/store）的提示。事物与状态的名称在选择项里译出；$id 是编号。

store-bad-address = { $place } 不是记录的地址。请写 SQLite 文件的地址，例如 sqlite:/data/record.db?mode=rwc，或 PostgreSQL 数据库的地址，例如 postgres://user@host/zhengai；内存数据库不会保存，不能用作记录。
store-unreachable = 打不开记录 { $place }。请检查文件夹是否存在、磁盘是否在线、当前用户能否读写，然后重试。
store-not-a-database = { $place } 不是数据库文件。请检查数据目录是否选对；若该文件已被覆盖，请从备份恢复。
store-damaged = 记录 { $place } 已损坏。请停止写入，保留该文件，从最近的备份恢复；入库数据在 warehouse 文件夹，不受影响。
store-foreign = { $place } 是其他程序的数据库，不是本系统的记录，未作任何改动。请检查数据目录是否选对；使用 PostgreSQL 时请为本系统单独建库。
store-newer = 记录 { $place } 由更新版本的程序写成（结构版本 { $found }，本程序只认识到 { $known }）。请升级本程序后再打开，数据未作改动。
store-altered-migration = 记录 { $place } 的结构版本 { $version } 与本程序携带的不一致。请使用当初建立该记录的程序版本，或从备份恢复。
store-migration = 记录 { $place } 升级失败，已退回升级前的状态。请保留日志并联系维护人员。
store-busy = 记录 { $place } 正被其他操作占用，等待超时。请确认没有别的程序打开同一份记录或占着锁不放，稍后重试。
store-full = 记录 { $place } 所在磁盘空间不足，本次改动未保存。请清理磁盘后重试。
store-read-only = 记录 { $place } 不可写，本次改动未保存。请检查文件和文件夹的写权限；使用 PostgreSQL 时请确认服务器不是只读的备机。
store-no-server = { $place } 没有数据库服务器应答。请检查服务器是否运行，主机、端口和防火墙是否放行，地址（record.url）是否写对，然后重试。数据未作改动。
store-login = { $place } 的服务器不接受该用户或密码。请核对 record.url 中的用户，record.password_file 或 PGPASSFILE 中的密码，以及服务器的 pg_hba.conf 是否允许该用户登录。
store-no-database = { $place } 没有这个数据库。请数据库管理员先建库：CREATE DATABASE 库名 OWNER 用户 ENCODING 'UTF8' TEMPLATE template0，然后重试。
store-tls = 与 { $place } 无法建立加密连接。请检查 record.url 中的 sslmode、sslrootcert 和服务器证书。
store-lost = 与 { $place } 的连接中断，正在进行的改动未保存。请等服务器恢复后重新执行命令。
store-commit-unknown = 保存改动时与 { $place } 的连接中断，不能确定是否已经保存。服务器恢复后请先查看改动是否已在，再决定是否重做。
store-exhausted = { $place } 的服务器没有空闲的连接或内存。请稍后重试，或请管理员调大 max_connections；每个进程最多需要九个连接。
store-not-allowed = { $place } 的数据库用户无权这样做，什么都没有保存。请把该用户设为库的所有者：ALTER DATABASE 库名 OWNER TO 用户；PostgreSQL 15 及以上还需 GRANT ALL ON SCHEMA public TO 用户。
store-nul-in-text = 有文字含字符 U+0000，PostgreSQL 不能保存；{ $place } 中什么都没有写入。请清理该文字的来源，或继续使用 SQLite 记录。
store-not-utf8 = { $place } 的数据库以 { $encoding } 编码保存文字，放不下中文。请用 ENCODING 'UTF8' TEMPLATE template0 另建一个库；数据未作改动。
store-in-use = 另一个进程（可能在另一台机器上）正在使用记录 { $place }。请等它结束；一份记录只归一个数据目录使用。
store-not-empty = 记录 { $place } 中已有内容，导出内容只能装入空的记录；数据未作改动。请换一个新的数据库或文件。
store-bad-dump = 记录导出文件第 { $line } 行{ $rule ->
    [form] 不是本程序导出的开头，请检查是否选错了文件
    [schema] 写的结构版本不是本程序的任何一个版本
    [line] 读不懂，或出现在不该出现的位置
    [table] 与表结构不符
    [count] 记的行数与实际不符
    [hash] 的校验值与前面的内容不符：文件被改动或已损坏
    [chain] 使审计链断开
    [cut] 之后没有了，文件不完整
   *[other] 不符合规则 { $rule }
}。什么都没有装入，请换一份完好的导出文件。
store-dump-io = 记录导出文件读写失败。请检查磁盘和文件权限后重试。
store-spoilt = 出错（{ $code }）之后改动仍在继续，已放弃，未保存。请保留日志并联系维护人员。
store-refused = 记录 { $place } 拒绝了本次操作，改动未保存。请保留日志并联系维护人员。
store-bad-row = 记录的表 { $table } 的列 { $column } 中有读不懂的内容，可能被外部工具改过。请运行 zhengai audit verify，并从备份恢复。
store-encode = 有内容无法写成 JSON，本次改动未保存。请保留日志并联系维护人员。
store-not-a-word = 内容 { $json } 应为一个状态词，本次改动未保存。请保留日志并联系维护人员。
store-not-found = 没有{ $thing ->
    [batch] 批次
    [run] 诊断运行
    [cycle] 诊断周期
    [step] 步骤
    [warning] 预警
    [indicator] 指标
    [threshold] 阈值
    [dataset] 自定义数据集
    [plugin] 插件
    [period] 期间
    [exception] 例外
    [setting] 设置
    [source] 数据源
    [sync] 同步
    [draft] 草稿
    [user] 用户
    [role] 角色
    [token] 令牌
   *[other] { $thing }
} { $id }。请先列出现有的再核对编号。
store-exists = { $thing ->
    [batch] 批次
    [run] 诊断运行
    [cycle] 诊断周期
    [step] 步骤
    [warning] 预警
    [indicator] 指标版本
    [threshold] 阈值
    [dataset] 自定义数据集
    [plugin] 插件
    [period] 期间
    [exception] 例外
    [setting] 设置
    [source] 数据源
    [sync] 同步
    [draft] 草稿
    [user] 用户
    [role] 角色
    [token] 令牌
   *[other] { $thing }
} { $id } 已经存在。请换一个编号。
store-wrong-state = { $thing ->
    [batch] 批次
    [run] 诊断运行
    [cycle] 诊断周期
    [warning] 预警
    [threshold] 阈值
    [period] 期间
    [exception] 例外
    [sync] 同步
    [draft] 草稿
    [token] 令牌
   *[other] { $thing }
} { $id } 现为“{ $from ->
    [staging] 暂存
    [held] 待审
    [applying] 入库中
    [applied] 已入库
    [refused] 已退回
    [failed] 失败
    [open] 开放
    [grace] 宽限
    [locked] 锁定
    [signed] 签署
    [withdrawn] 已撤回
    [revoked] 已收回
    [running] 进行中
    [finished] 已完成
    [cancelled] 已取消
    [interrupted] 已中断
   *[other] { $from }
}”，不能改为“{ $to ->
    [staging] 暂存
    [held] 待审
    [applying] 入库中
    [applied] 已入库
    [refused] 已退回
    [failed] 失败
    [open] 开放
    [grace] 宽限
    [locked] 锁定
    [signed] 签署
    [withdrawn] 已撤回
    [revoked] 已收回
    [running] 进行中
    [finished] 已完成
    [cancelled] 已取消
    [interrupted] 已中断
   *[other] { $to }
}”。请先查看它的当前状态。
store-run-settled = 诊断运行 { $run } 已{ $state ->
    [finished] 完成
    [failed] 失败
   *[other] 结束（{ $state }）
}，不再改动。如需更新结果，请重新诊断。
store-cannot-supersede = 诊断运行 { $run } 不能由 { $by } 取代：两次运行须都已完成、属于同一期间，且都未被取代。
store-cycle-closed = 诊断周期 { $cycle } 已关闭，不再接受运行和步骤。请另建一个周期。
store-step-not-allowed = 诊断周期 { $cycle } 现处步骤 { $from }，模板不允许接着进入 { $to }。请查看周期的步骤顺序。
store-no-steps = 周期模板 { $template } 没有步骤，无法建立周期。请在模板中至少写一个步骤。
store-warning-open = 同一规则、同一对象、同一期间已有一条未结的预警，不能再开一条。请处理已有的那条。
store-stale = { $thing ->
    [warning] 预警
    [draft] 草稿
    [period] 期间
   *[other] { $thing }
} { $id } 刚被别人改过，本次改动未保存。请重新查看后再操作。
store-stale-warnings = 至少有 { $count } 条预警在诊断期间被人处理过，本次结果未保存。请重新诊断。
store-reason-missing = 操作 { $action } 需要写明理由。请补充理由后重试。
store-exception-over = 期间 { $period } 的例外截止日 { $until } 不晚于今天。请给出今天以后的日期。
store-period-signed = 期间 { $period } 已签署上报，不能再改。
store-nobody = 不知道是谁在操作。请给出姓名和角色后重试。
