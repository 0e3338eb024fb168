exports-refused = 无法读取 { $path }：{ $reason }。请检查数据源配置中的目录及其读取权限。
exports-line = “{ $stream }”第 { $line } 行不是 JSON 对象，请让对方系统重新导出。
exports-no-stream = 目录里没有导出文件“{ $stream }”。
exports-state = 上次读取的位置无法使用，请全量读取（--full）。
