# system
system-users = 用户
system-tokens = 令牌
system-config = 配置
system-doctor = 体检
system-col-user = 用户
system-col-label = 姓名
system-col-state = 状态
system-col-roles = 角色与范围
system-col-token = 令牌
system-col-note = 用途
system-col-used = 最近使用
system-col-key = 配置项
system-col-value = 值
system-col-origin = 来源
system-col-default = 默认值
system-col-about = 说明
system-col-severity = 程度
system-col-finding = 发现
system-col-advice = 处理办法
system-no-users = 还没有用户；本机操作者是系统管理员
system-no-tokens = 没有令牌
system-no-config = 没有配置项
system-no-findings = 尚未体检，或一切正常
system-state = { $state ->
    [active] 启用
    [good] 有效
    [expired] 已过期
    [revoked] 已吊销
   *[disabled] 停用
}
system-severity = { $severity ->
    [broken] 损坏
    [warning] 注意
   *[note] 提示
}
system-ask = { $what ->
    [user] 新用户的用户名
    [units] 角色生效的单位，用空格分隔，例如 department/D03；全校则留空
    [token] 令牌的用途
    [config] 新的值（留空恢复默认）
   *[backup] 备份文件的路径
}
system-do-add = 增加用户
system-do-role = 授予角色
system-do-switch = 启用或停用
system-do-token = 生成令牌
system-do-revoke = 吊销
system-do-set = 修改
system-do-read = 详情
system-do-doctor = 体检
system-do-fix = 清理后体检
system-do-backup = 备份
system-do-terminal = 终端自检
system-sure-revoke = 吊销令牌 { $id }（{ $note }）？
system-sure-revoke-means = 使用它的程序将立即无法进入，且不能恢复。
system-token-made = 令牌 { $id } 已生成
system-token-once = 只显示这一次，请立即妥善保存。
system-done = 已完成
system-why-none = 没有选中的行
system-why-fixed = 该项不在这里修改，或由环境变量、命令行指定
system-backup-made = 备份已写到 { $file }
system-backup-fetching = 备份已完成，正在从服务器下载到本机的 { $file }
system-backup-fetched = 备份已下载到 { $file }，服务器上的副本已删除
