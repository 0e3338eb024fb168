# 控制台的文字。每个界面的条目放在自己的小节里。

## 框架
product = 诊改
too-small = 窗口太小：需要 { $width }×{ $height }，现在是 { $have_width }×{ $have_height }
link-opening = { $spinner } 正在打开
link-local = 本机
link-remote = { $server }
link-lost = { $sign } 连不上服务器
header-user-role = { $user }（{ $role }）
role-administrator = 系统管理员
role-quality-officer = 质量办
role-layer-owner = 层面负责人
role-department = 院系
role-counsellor = 辅导员与心理教师
role-person = 本人
role-auditor = 审计员
role-reader = 查阅者
role-integrator = 对接程序
hint-jobs = { $sign } { $count } 项任务 { $key }
failure-unreachable = 连不上 { $server }：{ $cause }。请检查网络和服务器，再按 F5 重试。
failure-unreadable = 看不懂 { $path } 的回答：{ $cause }。控制台与服务器的版本可能不一致。

## 界面名称
screen-overview = 总览
screen-indicators = 指标体系
screen-indicator = 指标编辑
screen-cycles = 诊断周期
screen-runs = 诊断运行
screen-warnings = 预警
screen-portrait = 对象画像
screen-heatmap = 热力图
screen-data = 数据
screen-plugins = 插件
screen-query = 查询台
screen-reports = 报告
screen-audit = 审计
screen-system = 系统
screen-why = 追溯
screen-terminal = 终端自检

## 动作
action-palette = 命令
action-filter = 筛选
action-help = 帮助
action-back = 返回
action-forward = 前进
action-open = 打开
action-why = 追溯
action-up = 上移
action-down = 下移
action-left = 左移或折叠
action-right = 右移或展开
action-page-up = 上一页
action-page-down = 下一页
action-home = 行首
action-end = 行尾
action-first = 第一行
action-last = 最后一行
action-next-region = 下一区
action-previous-region = 上一区
action-jump = 跳转
action-mark = 标记
action-mark-up = 向上标记
action-mark-down = 向下标记
action-sort = 排序
action-sort-turn = 反向排序
action-columns = 列
action-jobs = 任务
action-remove = 删除或取消
action-refresh = 刷新
action-new = 新建
action-edit = 编辑
action-save = 保存
action-submit = 提交
action-copy = 复制
action-mouse = 鼠标
action-appearance = 语言、配色、字形
action-undo = 撤销
action-interrupt = 中断
action-quit = 退出

## 不能做的原因
reason-first-screen = 已经是第一个界面
reason-nothing-ahead = 前面没有界面
reason-no-number = 光标不在数值上
reason-nothing-to-undo = 没有可以撤销的操作

## 命令面板、帮助、选择、提问
palette-title = 命令面板（界面、命令、对象、指标、规则、预警：汉字、拼音、首字母、英文）
palette-record = 保存操作记录
dress-worn = 正在使用
dress-language-zh = 语言：中文
dress-language-en = 语言：English
dress-theme-dark = 配色：深色
dress-theme-light = 配色：浅色
dress-theme-high-contrast = 配色：高对比
dress-theme-colour-blind = 配色：色觉障碍友好
dress-theme-mono = 配色：不用颜色
dress-glyphs-unicode = 字形：完整
dress-glyphs-ascii = 字形：ASCII
dress-unsaved = 有未保存内容的界面，到下次打开时才换语言
palette-searching = 正在查找……
found-object = 对象
found-indicator = 指标
found-rule = 规则
found-warning = 预警
pick-nothing = 没有匹配的条目
help-title = 帮助：{ $screen }
help-here = 本界面
help-everywhere = 各处通用
help-moves = 移动
confirm-no = 不了
confirm-code = 请键入 { $code } 确认
confirm-other-code = 键入的内容不相符
confirm-undo = 撤销最近一次操作？
confirm-leave = 离开这个界面？
confirm-unsaved-kept = 有未保存的修改。草稿留在本机，下次打开可以接着改。
confirm-unsaved-lost = 这里填写的内容尚未提交，离开后不保留。
confirm-leave-yes = 离开
confirm-quit = 退出控制台？
confirm-quit-yes = 退出
prompt-give = 确定
prompt-keys-line = F10 确定  Esc 放弃
prompt-keys-lines = F10 确定  Enter 换行  Esc 放弃
notice-seen = 知道了
overlay-choose = 选择
overlay-close = 关闭
overlay-give-up = 放弃
overlay-cancel-job = 取消任务

## 任务
jobs-title = 任务
jobs-none = 没有任务
jobs-keys = Delete 取消任务  Esc 关闭
job-kind-diagnose = 诊断
job-kind-import = 导入
job-kind-sync = 同步
job-kind-backup = 备份
job-kind-approve = 批准
job-kind-audit-verify = 核对审计
job-kind-backup-verify = 核对备份
job-kind-doctor = 体检
job-kind-mend = 修正入库
job-kind-plugin-check = 检查插件
job-kind-rehearse = 预演
job-kind-replay = 重检
job-kind-source-check = 测试连接
job-kind-source-discover = 查找数据流
job-queued = 排队中
job-running = 运行中
job-cancelling = 正在取消
job-done = 已完成
job-failed = 失败
job-cancelled = 已取消
job-percent = { $percent }%
job-count = { $done }/{ $total }
job-rate = 每秒 { $rate }
job-eta = 还需 { $time }
job-took = 用时 { $time }
quit-title = 还有 { $count } 项任务在运行
quit-stay = 留下
quit-stay-detail = 不退出，任务继续
quit-leave = 退出
quit-leave-detail = 任务在服务器上继续
quit-cancel = 取消任务后退出
quit-cancel-detail = 已提交的部分保留

## 提示条
toast-interrupt = 再按一次 Ctrl+C 退出
toast-mouse-console = 鼠标归控制台：可以点击和滚动
toast-mouse-terminal = 鼠标归终端：可以选择文字，再按 F12 收回
toast-undone = 已撤销：{ $what }
toast-undoable = { $what }（{ $key } 撤销）
toast-copied = 已复制
toast-draft-lost = 草稿没有存下：{ $cause }
toast-recorded = 操作记录已存到 { $file }
toast-not-recorded = 操作记录没有存下：{ $cause }
toast-job-started = 已开始：{ $kind } { $subject }
toast-job-done = 已完成：{ $kind } { $subject }
toast-job-cancelled = 已取消：{ $kind } { $subject }
toast-job-failed = 失败：{ $kind } { $subject }。{ $cause }

## 按键表
keymap-unreadable = 按键表 { $file } 读不了：{ $cause }
keymap-no-key = 按键表 { $file } 的 [{ $table }] { $action }：没有“{ $key }”这个键。可以写 F5、Ctrl+P、Alt+Left、g g。
keymap-unknown = 按键表 { $file } 的 [{ $table }] { $action }：没有这个动作。请对照 config/keymap.toml。
keymap-conflict = 按键表 { $file }：{ $key } 同时是 { $first } 和 { $second }。请改掉其中一个。

## 启动
console-terminal = 终端不听使唤：{ $cause }
console-recording = 操作记录第 { $line } 行读不了：{ $cause }

## 总览

## 指标体系

## 指标编辑

## 诊断周期

## 诊断运行

## 预警

## 对象画像

## 热力图

## 数据

## 插件

## 查询台

## 报告

## 审计

## 系统

## 追溯

## 终端自检
