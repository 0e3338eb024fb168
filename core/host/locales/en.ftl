host-manifest-missing = { $dir } has no plugin.toml or pack.toml, so it is not a plugin. Add the manifest, or move the folder elsewhere.
host-manifest-faults = The manifest in { $dir } has { $count } fault(s); the first is in { $file }, line { $line }, column { $column }. Mend it and try again.
host-library-without-abi = { $file }: plugin { $plugin } names a library but not its interface version. Add abi = "1.0".
host-abi-unreadable = { $file }: abi of plugin { $plugin } is “{ $abi }”; write it as major.minor, for example "1.0".
host-library-name = { $file }: the library of plugin { $plugin } is named “{ $name }”; use letters, digits, _ and - only, without a path or an ending.
host-needs-library = { $file }: plugin { $plugin } cannot do its work without a library. Name it with library = "…" and abi = "1.0".
host-plugin-twice = Plugin { $plugin } is there twice: { $first } counts, { $second } is left out. Remove one of them.
host-file-unreadable = Cannot read { $path }. Check that it exists and that you may read it.
host-file-not-text = { $path } is not UTF-8 text. Save it as UTF-8.
host-file-too-large = { $path } is larger than { $limit } MiB, too large for a definition. Split it, or keep data out of the plugin's folder.
host-abi-other = Plugin { $plugin } was built for interface version { $abi }; this program speaks version { $host }. Get a build of the plugin that fits.
host-no-library = Plugin { $plugin } brings definitions only and has no library to run.
host-library-missing = The library of plugin { $plugin } is not at { $path }. Put it there, or get a build of the plugin for this system.
host-changed = Plugin { $plugin } is not what was accepted: SHA-256 of its { $what ->
    [files] files
   *[library] library
} is { $found }, accepted was { $expected }. If the change is yours, enable the plugin again; if not, find out who changed it.
host-needs-restart = The library of plugin { $plugin } at { $path } was replaced while the program was using it. Restart the program to use the new one.
host-open-failed = The system cannot open the library of plugin { $plugin } at { $path }. It may be damaged, built for another system, or miss a library that it needs; the log has the system's words.
host-no-entry = { $path } is not a library of a plugin: it does not export zg_plugin_open (plugin { $plugin }). Get a build of the plugin, or mend its build.
host-other-plugin = The manifest says plugin { $plugin }, but the library says { $described }. Put the right library into the folder.
host-no-component = Plugin { $plugin } has no component named { $component }. “zhengai plugin info { $plugin }” lists them.
host-malformed = Plugin { $plugin } broke the rules of the plugin interface in { $call }: { $rule }. Nothing of this call was used; tell the author of the plugin.
host-poisoned = Plugin { $plugin } failed earlier in this run and is not asked again. Start over; if it fails again, tell the author of the plugin.
host-plugin-abi = Plugin { $plugin } does not serve this version of the interface: { $text }. Get a build of the plugin that fits.
host-plugin-config = Plugin { $plugin } cannot work with these settings: { $text }. Mend them and try again.
host-plugin-transient = Plugin { $plugin } had a passing trouble: { $text }. Try again later.
host-plugin-system = Plugin { $plugin } was refused something by the system: { $text }. Check files, disk and memory.
host-plugin-data = Plugin { $plugin } cannot read the data: { $text }. Mend the data and try again.
host-plugin-auth = Plugin { $plugin } was not let in: { $text }. Check the account and the secret.
host-plugin-unsupported = Plugin { $plugin } does not do this: { $text }.
host-plugin-cancelled = Plugin { $plugin } stopped as asked ({ $text }).
host-plugin-timeout = Plugin { $plugin } waited too long: { $text }. Check the connection and try again.
host-plugin-rate-limit = Plugin { $plugin } was asked to call less often: { $text }. Try again later.
host-plugin-panic = Plugin { $plugin } failed inside: { $text }. Nothing of this call was used; tell the author of the plugin.
host-config = The settings of { $component } (plugin { $plugin }) break a rule at { $pointer }: { $rule }. Mend that place and try again.
host-crashed = Plugin { $plugin } crashed ({ $how }). The program goes on; what was committed before stands. Try again; if it crashes again, tell the author of the plugin.
host-incomplete = Plugin { $plugin } stopped without proof that its rows are complete: { $rule }. What was committed before stands, the rest was not used. Try again; if it happens again, tell the author of the plugin.
host-stalled = Plugin { $plugin } gave no sign of life for { $seconds } seconds and was ended. What was committed before stands. Check the system that it reads from, then try again.
host-limit-memory = Plugin { $plugin } needs more memory than it may use ({ $limit } MiB) and was ended. Read less at once, or raise the limit for this plugin.
host-limit-cpu = Plugin { $plugin } has used up its computing time ({ $limit } seconds) and was ended. Read less at once, or raise the limit for this plugin.
host-limit-file = Plugin { $plugin } wrote a file larger than it may ({ $limit } MiB) and was ended. Read less at once, or raise the limit for this plugin.
host-worker = Cannot run plugin { $plugin } in a process of its own; the log has the system's words. Check the limits of processes, memory and open files, then try again.
