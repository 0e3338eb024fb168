host-manifest-missing = { $dir } 里没有 plugin.toml 或 pack.toml，不是插件。请补上清单文件，或把该文件夹移走。
host-manifest-faults = { $dir } 的清单有 { $count } 处错误，第一处在 { $file } 第 { $line } 行第 { $column } 列。请改正后重试。
host-library-without-abi = { $file }：插件 { $plugin } 写了动态库，却没有写接口版本。请加上 abi = "1.0"。
host-abi-unreadable = { $file }：插件 { $plugin } 的 abi 写成了“{ $abi }”，应为“主版本.次版本”，例如 "1.0"。
host-library-name = { $file }：插件 { $plugin } 的动态库名“{ $name }”不合规则。只能用字母、数字、_ 和 -，不带路径和扩展名。
host-needs-library = { $file }：插件 { $plugin } 没有动态库就无法工作。请写上 library = "…" 和 abi = "1.0"。
host-plugin-twice = 插件 { $plugin } 出现了两次：以 { $first } 为准，{ $second } 未采用。请删去其中一个。
host-file-unreadable = 无法读取 { $path }。请检查它是否存在、是否有读取权限。
host-file-not-text = { $path } 不是 UTF-8 文本。请另存为 UTF-8。
host-file-too-large = { $path } 超过 { $limit } MiB，作为定义文件过大。请拆分，或不要把数据放在插件文件夹里。
host-abi-other = 插件 { $plugin } 使用接口版本 { $abi }，本程序使用版本 { $host }。请换用相应版本的插件。
host-no-library = 插件 { $plugin } 只有定义，没有可运行的动态库。
host-library-missing = 在 { $path } 找不到插件 { $plugin } 的动态库。请把它放到该处，或换用适合本系统的插件。
host-changed = 插件 { $plugin } 与认可时不一致：{ $what ->
    [files] 文件清单
   *[library] 动态库
}的 SHA-256 现为 { $found }，认可时为 { $expected }。若是您自己更新的，请重新启用该插件；若不是，请查明是谁改动的。
host-needs-restart = 插件 { $plugin } 的动态库 { $path } 在程序使用期间被替换。请重新启动程序以使用新的动态库。
host-open-failed = 系统无法打开插件 { $plugin } 的动态库 { $path }。它可能已损坏、不适合本系统，或缺少所依赖的库；系统给出的原因见日志。
host-no-entry = { $path } 不是插件的动态库：没有导出 zg_plugin_open（插件 { $plugin }）。请换用正确的插件，或检查它的构建方式。
host-other-plugin = 清单写的是插件 { $plugin }，动态库却自称 { $described }。请把正确的动态库放进该文件夹。
host-no-component = 插件 { $plugin } 没有名为 { $component } 的组件。可用“zhengai plugin info { $plugin }”查看。
host-malformed = 插件 { $plugin } 在 { $call } 中违反了插件接口的规则：{ $rule }。本次结果未被采用，请告知插件作者。
host-poisoned = 插件 { $plugin } 在本次运行中已经出错，不再调用。请重新开始；若再次出错，请告知插件作者。
host-plugin-abi = 插件 { $plugin } 不支持本接口版本：{ $text }。请换用相应版本的插件。
host-plugin-config = 插件 { $plugin } 无法使用当前设置：{ $text }。请改正后重试。
host-plugin-transient = 插件 { $plugin } 暂时遇到问题：{ $text }。请稍后重试。
host-plugin-system = 插件 { $plugin } 被系统拒绝：{ $text }。请检查文件、磁盘和内存。
host-plugin-data = 插件 { $plugin } 无法读取数据：{ $text }。请改正数据后重试。
host-plugin-auth = 插件 { $plugin } 未通过对方的身份验证：{ $text }。请检查账号和密钥。
host-plugin-unsupported = 插件 { $plugin } 不支持此操作：{ $text }。
host-plugin-cancelled = 插件 { $plugin } 已按要求停止（{ $text }）。
host-plugin-timeout = 插件 { $plugin } 等待超时：{ $text }。请检查连接后重试。
host-plugin-rate-limit = 插件 { $plugin } 被要求降低调用频率：{ $text }。请稍后重试。
host-plugin-panic = 插件 { $plugin } 内部出错：{ $text }。本次结果未被采用，请告知插件作者。
host-config = 插件 { $plugin } 的组件 { $component } 设置有误，位置 { $pointer }：{ $rule }。请改正该处后重试。
host-crashed = 插件 { $plugin } 崩溃了（{ $how }）。程序继续运行，此前已提交的数据不受影响。请重试；若再次崩溃，请告知插件作者。
host-incomplete = 插件 { $plugin } 中途停止，无法确认数据是否完整：{ $rule }。此前已提交的数据不受影响，其余未被采用。请重试；若再次出现，请告知插件作者。
host-stalled = 插件 { $plugin } 已有 { $seconds } 秒没有响应，已被终止。此前已提交的数据不受影响。请检查它所读取的系统，然后重试。
host-limit-memory = 插件 { $plugin } 所需内存超过上限（{ $limit } MiB），已被终止。请减少一次读取的数据量，或提高该插件的上限。
host-limit-cpu = 插件 { $plugin } 的运算时间已用完（上限 { $limit } 秒），已被终止。请减少一次读取的数据量，或提高该插件的上限。
host-limit-file = 插件 { $plugin } 写出的文件超过上限（{ $limit } MiB），已被终止。请减少一次读取的数据量，或提高该插件的上限。
host-worker = 无法为插件 { $plugin } 启动独立进程，系统给出的原因见日志。请检查进程数、内存和打开文件数的限制，然后重试。
