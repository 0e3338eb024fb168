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
config-engine-view = 组织归属口径：as-was 当时、as-is 现在，或某个日期。
config-origin-default = 默认
config-origin-file = 配置文件
config-origin-environment = 环境变量
config-origin-flag = 命令行
service-no-college = { $data } 里没有学校数据。先运行 zhengai --data { $data } init，或用 --data 指定已有目录。
service-not-empty = { $data } 不是空目录。换一个目录，或清空后再试。
service-directory-busy = { $data } 正被另一个 zhengai 进程（{ $holder }）写入。等它结束后再试，数据没有改动。
service-no-home = 在 { $looked } 旁边没有找到 plugins 和 config 目录。用环境变量 ZHENGAI_HOME 指明安装目录。
service-io = 无法读写 { $path }：{ $problem }
service-io-not-found = 找不到 { $path }。请检查路径。
service-io-denied = 没有权限读写 { $path }。请检查文件权限。
service-io-read-only = { $path } 在只读磁盘上，什么都没有写入。
service-io-full = 磁盘已满，无法写入 { $path }。腾出空间后重试，已提交的数据没有受影响。
service-bad-file = { $path } 第 { $line } 行第 { $column } 列：{ $problem }
service-unknown-setting = 没有“{ $key }”这项设置。可用的设置：{ $known }
service-bad-setting = 设置“{ $key }”不能是“{ $value }”。运行 zhengai config sample 查看说明。
service-packs = 指标包有 { $count } 处错误，逐条如下。改正后重试。
service-indicators = 指标有 { $count } 处错误，逐条如下。改正后重试。
service-what = { $what ->
    [dataset] 数据集
    [batch] 批次
    [run] 诊断运行
    [cycle] 周期
    [cycle-template] 周期模板
    [indicator] 指标
    [plugin] 插件
    [period] 期间
    [warning] 预警
    [object] 对象
    [layer] 层面
    [view] 口径
    [date] 日期
    [reason] 原因
    [result] 结果
   *[other] { $what }
}
service-not-found = 没有这个{ service-what }：{ $name }。用相应的 list 命令查看已有的。
service-not-found-near = 没有这个{ service-what }：{ $name }。是不是 { $near }？
service-bad-argument = “{ $value }”不是有效的{ service-what }。加 --help 查看写法。
service-wrong-state = { service-what } { $name } 的状态是 { $state }，不能这样操作。
service-mapping-for-other = 映射文件是为数据集 { $mapping } 写的，命令要导入 { $dataset }。改 --dataset 或换映射文件。
service-period-locked = 有 { $rows } 行落在期间 { $period } 内，该期间状态为 { $state }。先解锁（zhengai period unlock），或去掉这些行。什么都没有写入。
service-cancelled = 已按要求停止。已提交的数据都在，没有提交的什么都没有写入。
service-computed-dataset = 数据集 { $dataset } 由插件计算得出，不能导入。
service-workbook = 无法写出 { $path }：{ $problem }
service-template = 报告模板有误：{ $problem }
service-internal = 程序内部错误：{ $what }。请连同日志报告给开发者。
