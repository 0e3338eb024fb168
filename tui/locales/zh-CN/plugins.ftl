# plugins
plugins-col-name = 名称
plugins-col-state = 状态
plugins-col-id = 标识
plugins-col-version = 版本
plugins-col-runs = 运行位置
plugins-none = 没有插件
plugins-no-rows = 没有数据行
plugins-no-data = 无数据
plugins-state = 状态
plugins-runs = 运行位置
plugins-faults = 启用以来的崩溃次数
plugins-locked = 锁定
plugins-lock = { $lock ->
    [as-accepted] 与 plugins.lock 一致
    [differs] 与 plugins.lock 不一致：{ $what }
    [not-locked] 不在 plugins.lock 中
   *[none] 本校没有 plugins.lock
}
plugins-signature = 签名
plugins-can = 能力
plugins-folder = 目录
plugins-library = 程序库 SHA-256
plugins-config = 配置
plugins-quarantine = 隔离原因
plugins-check-passed = 一致性检查通过
plugins-check-failed = 一致性检查未通过
plugins-do-enable = 启用
plugins-do-release = 启用（解除隔离）
plugins-do-disable = 停用
plugins-do-trust = 信任
plugins-do-untrust = 取消信任
plugins-do-configure = 配置
plugins-do-check = 检查
plugins-do-accept = 按现状锁定全部
plugins-do-screens = 插件界面
plugins-ask-action = 要做什么
plugins-sure-off = 停用“{ $name }”？
plugins-sure-off-means = 依赖它的指标将显示为“不适用”，数据保留，可随时重新启用。
plugins-sure-trust = 信任“{ $name }”？
plugins-sure-trust-means = 它的代码将在本程序进程内运行，不再受隔离；请只信任来源可靠的插件。
plugins-changed = 已更新插件
plugins-ask-component = 配置哪个组件
plugins-component = 组件 { $name }
plugins-no-settings = 该插件没有可配置的内容
plugins-why-none = 没有选中插件
plugins-why-no-screens = 该插件没有自带界面
plugins-why-ships = 随程序提供的插件无需信任
plugins-why-no-row = 没有选中的行
plugins-check-outcome = { $outcome ->
    [pass] 通过
    [fail] 未通过
   *[skip] 略过
}
