# system
system-users = Users
system-tokens = Tokens
system-config = Configuration
system-doctor = Check-up
system-col-user = User
system-col-label = Name
system-col-state = State
system-col-roles = Roles and where
system-col-token = Token
system-col-note = For
system-col-used = Last used
system-col-key = Setting
system-col-value = Value
system-col-origin = From
system-col-default = Default
system-col-about = What for
system-col-severity = How bad
system-col-finding = Found
system-col-advice = What to do
system-no-users = No users yet; whoever works at this machine is an administrator
system-no-tokens = No tokens
system-no-config = No settings
system-no-findings = No check-up yet, or nothing to tell
system-state = { $state ->
    [active] active
    [good] good
    [expired] expired
    [revoked] revoked
   *[disabled] disabled
}
system-severity = { $severity ->
    [broken] broken
    [warning] warning
   *[note] note
}
system-ask = { $what ->
    [user] Name of the new user
    [units] Units in which the role counts, with blanks between, for example department/D03; empty for the whole college
    [token] What the token is for
    [config] New value (empty for the default)
   *[backup] Path of the backup
}
system-do-add = Add user
system-do-role = Give role
system-do-switch = Enable or disable
system-do-token = Make token
system-do-revoke = Revoke
system-do-set = Set
system-do-read = Details
system-do-doctor = Examine
system-do-fix = Clean and examine
system-do-backup = Back up
system-do-terminal = Terminal self-test
system-sure-revoke = Revoke token { $id } ({ $note })?
system-sure-revoke-means = Programs that use it are kept out at once, for good.
system-token-made = Token { $id } is made
system-token-once = This is the only time that it is shown; keep it safe now.
system-done = Done
system-why-none = no row is selected
system-why-fixed = not changed here, or set by the environment or command line
system-backup-made = The backup is in { $file }
system-backup-fetching = The backup is made; downloading it to { $file } on this machine
system-backup-fetched = The backup is in { $file } on this machine; the server keeps no copy
