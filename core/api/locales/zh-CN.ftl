# API 的消息。
api-no-token = 没有有效的令牌。请用 `zhengai token create` 生成，并以 `Authorization: Bearer …` 发送。
api-path-from-afar = 只有在本机发出的请求才能用路径指定文件。请先上传（PUT /v1/uploads/文件名），再填上传编号。
api-one-file = 文件请用路径或上传编号之一指定，不能两者都填，也不能都不填。
api-no-upload = 没有您的上传 { $upload }：可能已使用、已丢弃，或超过一天。请重新上传。
api-upload-name = “{ $name }”不是文件名。请只填文件名，不带目录和特殊字符。
api-upload-large = 文件超出还可上传的大小（{ $bytes } 字节），没有保留任何内容。请丢弃不需要的上传，或请管理员放宽限制。
api-no-job = 本服务上没有您的作业 { $job }。作业随运行它的进程结束；已完成的改动都在记录里。
api-too-many-jobs = 已有 { $count } 个作业在等待或运行。请等其中一些完成后再试，或取消一个。
api-closing = 服务正在关闭，不再接受新作业。请等它恢复后再试。
api-busy = 另一项改动仍在写入（作业 { $job }），这里没有改动任何内容。请等它完成后再试，或取消它。
api-changed-meanwhile = 您读取之后，别人已经改过这里。没有改动任何内容；请重新查看后再改。
api-no-path = 本服务没有这个路径。GET /v1/openapi.json 列出全部路径。
api-no-method = 这个路径不支持该方法。GET /v1/openapi.json 列出支持的方法。
api-too-large = 请求太大。文件请用 PUT /v1/uploads/文件名 上传。
api-not-json = 请求体必须是 JSON，并带 `Content-Type: application/json`。
api-too-slow = 请求到达或处理的时间过长。请重试；GET /v1/jobs 列出正在运行的作业。
api-overloaded = 服务繁忙，暂时不能接受更多请求。请稍后再试。
api-bad-request = 无法读取请求：{ $problem }
api-broken = 服务出现缺陷，没有再改动任何内容。日志中以本请求的编号记有详情。
api-line-at = { $place }: { $text }
api-stage-objects = 读取对象与组织
api-stage-scan = 扫描数据
api-stage-evaluate = 计算与判定
api-stage-rules = 预警规则
api-stage-results = 写结果
api-report-college = 学校诊断报告
api-report-layer = 层面诊断报告
api-report-object = 对象诊断报告
api-server-address = “{ $address }”不是服务地址。请写成 https://主机:端口，不带用户名、口令和查询串。
api-server-clear = “{ $address }”没有加密，令牌会以明文传输。请使用 https://；http:// 只能用于本机。
api-server-authority = { $path } 不是 PEM 格式的证书机构证书：{ $problem }
api-server-client = 无法建立连接：{ $problem }
api-stage-rows = 读取数据行
api-query-sheet = 查询结果
api-stage-rehearse = 预演
api-threshold-start = 初始值
api-threshold-process = 过程值
api-threshold-target = 目标值
api-threshold-standard = 标准值
api-threshold-warning = 预警值
api-threshold-recovery = 恢复值
api-too-often = 请求过于频繁。请在 { $seconds } 秒后重试；限制见 serve.requests_per_second 和 serve.failures_per_minute。
api-other-host = 本服务不用这个主机名。请使用 serve.hosts 中的名称；监听本机地址时用 localhost 或 127.0.0.1。
api-serve-listen = 无法监听 { $address }：{ $problem }。请用 serve.listen 另设地址。
api-serve-clear = 其他计算机可以访问 { $address }，而数据不会加密。请设置 serve.tls_certificate 和 serve.tls_key，或监听 127.0.0.1。若前面另有加密，请设 serve.clear = "anywhere"。
api-serve-half = serve.tls_certificate 和 serve.tls_key 必须同时设置，现在只设了一项。
api-serve-certificate = 无法使用 { $path } 及其私钥：{ $problem }。两者都必须是 PEM 格式的文件。
api-serve-key-exposed = 其他人可以读取私钥 { $path }。请改为只有所有者可读（chmod 600），然后重试。

# 预警
api-warnings-one-choice = 批量处理请给出所选预警（chosen）或筛选条件（filter）之一，不能两者都填，也不能都不填。
api-warnings-nobody = 未指派
api-warnings-college = 全校
api-cause-open = 待处理
api-cause-inhibited = 被抑制：{ $cause }
api-cause-capped = 超出规则上限，本次诊断（{ $cause }）只计数不列出
api-cause-silenced = 已静默
api-cause-shelved = 已搁置
api-plugin-state = { $state ->
    [enabled] 启用
    [changed] 文件已变，停用
    [quarantined] 已隔离停用
   *[disabled] 停用
}
api-plugin-runs = { $place ->
    [inside] 随程序提供，进程内
    [trusted] 已信任，进程内
    [worker] 隔离进程
   *[none] 仅数据
}
api-plugin-signed = 由本校信任的密钥 { $key } 签名
api-stage-backup = 正在备份
api-stage-verify = 正在核验
api-stage-doctor = 正在体检
api-college-away = 现在无法打开学校数据。服务日志以本请求的编号记有原因。
api-unknown-parameter = 这里没有参数“{ $name }”。可用的参数：{ $known }。
api-no-parameters = 这里没有参数“{ $name }”，也不接受任何参数。
