# Texts of the console. Each screen keeps its entries in a section of its own.

## Frame
product = ZhengGai
too-small = The window is too small: it takes { $width }×{ $height }, this is { $have_width }×{ $have_height }
link-opening = { $spinner } opening
link-local = local
link-remote = { $server }
link-lost = { $sign } server lost
header-user-role = { $user } ({ $role })
role-administrator = Administrator
role-quality-officer = Quality officer
role-layer-owner = Layer owner
role-department = Department
role-counsellor = Counsellor
role-person = Own person
role-auditor = Auditor
role-reader = Reader
role-integrator = Integrator
hint-jobs = { $sign } jobs: { $count } { $key }
failure-unreachable = { $server } cannot be reached: { $cause }. Check network and server, then retry with F5.
failure-unreadable = The answer of { $path } makes no sense: { $cause }. Console and server may be of different versions.

## Names of screens
screen-overview = Overview
screen-indicators = Indicators
screen-indicator = Edit indicator
screen-cycles = Cycles
screen-runs = Runs
screen-warnings = Warnings
screen-portrait = Portrait
screen-heatmap = Heat map
screen-data = Data
screen-plugins = Plugins
screen-query = Query desk
screen-reports = Reports
screen-audit = Audit
screen-system = System
screen-why = Why
screen-terminal = Terminal check

## Actions
action-palette = Commands
action-filter = Filter
action-help = Help
action-back = Back
action-forward = Forward
action-open = Open
action-why = Why
action-up = Up
action-down = Down
action-left = Left, or fold
action-right = Right, or unfold
action-page-up = Page up
action-page-down = Page down
action-home = Start of row
action-end = End of row
action-first = First row
action-last = Last row
action-next-region = Next region
action-previous-region = Previous region
action-jump = Jump
action-mark = Mark
action-mark-up = Mark upwards
action-mark-down = Mark downwards
action-sort = Sort
action-sort-turn = Reverse order
action-columns = Columns
action-jobs = Jobs
action-remove = Remove or cancel
action-refresh = Refresh
action-new = New
action-edit = Edit
action-save = Save
action-submit = Submit
action-copy = Copy
action-mouse = Mouse
action-appearance = Language, theme, glyphs
action-undo = Undo
action-interrupt = Interrupt
action-quit = Quit

## Why something cannot be done
reason-first-screen = this is the first screen
reason-nothing-ahead = there is no screen ahead
reason-no-number = the cursor is not on a number
reason-nothing-to-undo = there is nothing to undo

## Palette, help, questions
palette-title = Commands, objects, indicators, rules, warnings
palette-record = Save the recording
dress-worn = in use
dress-language-zh = Language: 中文
dress-language-en = Language: English
dress-theme-dark = Theme: dark
dress-theme-light = Theme: light
dress-theme-high-contrast = Theme: high contrast
dress-theme-colour-blind = Theme: colour-blind
dress-theme-mono = Theme: no colours
dress-glyphs-unicode = Glyphs: all
dress-glyphs-ascii = Glyphs: ASCII
dress-unsaved = A screen with unsaved work changes its language when it is opened next
palette-searching = Searching …
found-object = object
found-indicator = indicator
found-rule = rule
found-warning = warning
pick-nothing = Nothing matches
help-title = Help: { $screen }
help-here = On this screen
help-everywhere = Everywhere
help-moves = Moving
confirm-no = No
confirm-code = Type { $code } to confirm
confirm-other-code = That is not what was asked for
confirm-undo = Undo the last change?
confirm-leave = Leave this screen?
confirm-unsaved-kept = There are unsaved changes. The draft stays on this machine for next time.
confirm-unsaved-lost = What was entered here is kept nowhere.
confirm-leave-yes = Leave
confirm-quit = Leave the console?
confirm-quit-yes = Quit
prompt-give = OK
prompt-keys-line = F10 accepts  Esc gives up
prompt-keys-lines = F10 accepts  Enter breaks the line  Esc gives up
notice-seen = Seen
overlay-choose = Choose
overlay-close = Close
overlay-give-up = Give up
overlay-cancel-job = Cancel job

## Jobs
jobs-title = Jobs
jobs-none = No jobs
jobs-keys = Delete cancels the job  Esc closes
job-kind-diagnose = Diagnosis
job-kind-import = Import
job-kind-sync = Sync
job-kind-backup = Backup
job-kind-approve = approval
job-kind-audit-verify = audit check
job-kind-backup-verify = backup check
job-kind-doctor = check-up
job-kind-mend = mending
job-kind-plugin-check = plugin check
job-kind-rehearse = rehearsal
job-kind-replay = second check
job-kind-source-check = connection check
job-kind-source-discover = look for streams
job-queued = queued
job-running = running
job-cancelling = cancelling
job-done = done
job-failed = failed
job-cancelled = cancelled
job-percent = { $percent }%
job-count = { $done }/{ $total }
job-rate = { $rate } per second
job-eta = { $time } left
job-took = took { $time }
quit-title = Jobs still running: { $count }
quit-stay = Stay
quit-stay-detail = the jobs go on
quit-leave = Quit
quit-leave-detail = the jobs go on at the server
quit-cancel = Cancel the jobs, then quit
quit-cancel-detail = what was committed stays

## Toasts
toast-interrupt = Ctrl+C once more quits
toast-mouse-console = The console has the mouse: click and scroll
toast-mouse-terminal = The terminal has the mouse: select text; F12 takes it back
toast-undone = Undone: { $what }
toast-undoable = { $what } ({ $key } undoes)
toast-copied = Copied
toast-draft-lost = The draft could not be kept: { $cause }
toast-recorded = Recording saved to { $file }
toast-not-recorded = The recording could not be saved: { $cause }
toast-job-started = Started: { $kind } { $subject }
toast-job-done = Done: { $kind } { $subject }
toast-job-cancelled = Cancelled: { $kind } { $subject }
toast-job-failed = Failed: { $kind } { $subject }. { $cause }

## Key map
keymap-unreadable = Key map { $file } cannot be read: { $cause }
keymap-no-key = Key map { $file }, [{ $table }] { $action }: there is no key “{ $key }”. Write F5, Ctrl+P, Alt+Left, g g.
keymap-unknown = Key map { $file }, [{ $table }] { $action }: there is no such action. Compare config/keymap.toml.
keymap-conflict = Key map { $file }: { $key } means both { $first } and { $second }. Change one of them.

## Start
console-terminal = The terminal does not do what it is asked: { $cause }
console-recording = The recording cannot be read at line { $line }: { $cause }

## Overview

## Indicators

## Edit indicator

## Cycles

## Runs

## Warnings

## Portrait

## Heat map

## Data

## Plugins

## Query desk

## Reports

## Audit

## System

## Why

## Terminal check
