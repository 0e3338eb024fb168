# plugins
plugins-col-name = Name
plugins-col-state = State
plugins-col-id = Id
plugins-col-version = Version
plugins-col-runs = Runs
plugins-none = There are no plugins
plugins-no-rows = No rows
plugins-no-data = no data
plugins-state = State
plugins-runs = Runs
plugins-faults = Crashes since it was enabled
plugins-locked = Lock
plugins-lock = { $lock ->
    [as-accepted] as in plugins.lock
    [differs] differs from plugins.lock: { $what }
    [not-locked] not in plugins.lock
   *[none] the college has no plugins.lock
}
plugins-signature = Signature
plugins-can = May
plugins-folder = Folder
plugins-library = SHA-256 of the library
plugins-config = Settings
plugins-quarantine = Kept out because
plugins-check-passed = Conformance check passed
plugins-check-failed = Conformance check failed
plugins-do-enable = Enable
plugins-do-release = Enable (lifts quarantine)
plugins-do-disable = Disable
plugins-do-trust = Trust
plugins-do-untrust = Trust no more
plugins-do-configure = Settings
plugins-do-check = Check
plugins-do-accept = Lock all as they are
plugins-do-screens = Screens of the plugin
plugins-ask-action = What to do
plugins-sure-off = Disable “{ $name }”?
plugins-sure-off-means = Indicators that need it will be not applicable; data stay, and it can be enabled again.
plugins-sure-trust = Trust “{ $name }”?
plugins-sure-trust-means = Its code will run inside this program, no longer kept apart. Trust only what you know.
plugins-changed = The plugin was changed
plugins-ask-component = Settings of which component
plugins-component = Component { $name }
plugins-no-settings = This plugin has no settings
plugins-why-none = no plugin is selected
plugins-why-no-screens = this plugin brings no screens
plugins-why-ships = what ships needs no trust
plugins-why-no-row = no row is selected
plugins-check-outcome = { $outcome ->
    [pass] passed
    [fail] failed
   *[skip] left out
}
