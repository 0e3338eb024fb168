# audit
audit-col-seq = 序号
audit-col-at = 时间
audit-col-actor = 人员
audit-col-role = 角色
audit-col-action = 操作
audit-col-subject = 对象
audit-col-why = 原因
audit-none = 没有符合条件的审计记录
audit-who = { $actor }（{ $role }）
audit-why = 原因：{ $why }
audit-filter = { audit-field }：{ $value }
audit-field = { $field ->
    [subject] 对象
    [actor] 人员
    [thing] 类别
   *[action] 操作
}
audit-ask-field = 按哪一项筛选
audit-ask-value = { audit-field }等于（留空则不限）
audit-do-clear = 取消筛选
audit-do-older = 更早的记录
audit-do-verify = 核验审计链
audit-why-no-filter = 没有筛选条件
audit-why-no-row = 没有选中的记录
audit-sound = 审计链完好，共 { $sound } 条
audit-broken = 审计链在第 { $seq } 条断裂（{ $cause }）
audit-ask-one = 按{ audit-field }筛选（这里出现过的，后面是条数）
audit-any = 不限
audit-other = 键入其他……
