# Texts about rules and definitions.
model-bad-scope = `{ $text }` is no scope. Write college, province, unit:department:D01 (a unit and all below it), group:major:FIELD=VALUE or object:teacher:T00001.
model-bad-condition = “{ $text }” is not a condition; write for example >= 95, < 90, in [0, 5] or not in [6, 24].
model-bad-id = “{ $text }” is not a good { $kind ->
        [dataset-id] dataset id: lower-case letters, digits and _, starting with a letter
        [field-name] field name: lower-case letters, digits and _, starting with a letter
        [measure-name] measure name: lower-case letters, digits and _, starting with a letter
        [object-kind] object kind: lower-case letters, digits and _, starting with a letter
        [indicator-code] indicator code: upper-case letters, digits and -, starting with a letter
        [rule-id] rule id: upper-case letters, digits and -, starting with a letter
        [control-point-id] control point id: lower-case letters, digits, - and ., starting with a letter
        [plugin-id] plugin id: lower-case letters, digits, - and ., starting with a letter
        [source-id] source id: lower-case letters, digits, - and ., starting with a letter
        [warning-level] warning level: lower-case letters, digits, - and ., starting with a letter
        [period-id] period id such as AY2025-T1
        [object-id] object id: visible text without blanks at its ends, at most 256 bytes
       *[other] id: letters, digits, - and _
    }. Correct it and try again.
model-bands-gap = The bands leave a gap: some value belongs to none. Let neighbouring bands meet.
model-bands-overlap = Bands “{ $first }” and “{ $second }” overlap: a value belongs to both. Make one of the ends open.
model-because-change-last-year = { $indicator } went from { $before } a year earlier to { $now }, a change of { $change }, which satisfies { $when }
model-because-change-previous = { $indicator } went from { $before } in the period before to { $now }, a change of { $change }, which satisfies { $when }
model-because-consecutive = { $indicator } satisfied { $when } in { $periods } periods in a row (newest first: { $values })
model-because-cumulative = { $indicator } satisfied { $when } in { $times } of the last { $within } periods (newest first: { $values })
model-because-due = { $indicator }: { $left } days left, no more than { $within }
model-because-few-peers = { $indicator } has only { $found } peers, fewer than { $at-least }
model-because-history = rule { $rule } fired { $times } times in the { $within } periods before
model-because-missing = { $indicator } has no number: { $instead ->
        [undetermined] undetermined
        [not-applicable] not applicable
        [not-due] not due
        [number] a number
       *[unknown] no record
    }
model-because-never-loaded = dataset { $dataset } has never been loaded
model-because-no-firings = nobody knows whether rule { $rule } fired { $back } periods back
model-because-no-last-year = { $indicator } has no number of a year earlier
model-because-no-number = { $indicator } has no number { $back } periods back: { $instead ->
        [undetermined] undetermined
        [not-applicable] not applicable
        [not-due] not due
        [number] a number
       *[unknown] no record
    }
model-because-no-plan = no process value is set for { $indicator }
model-because-no-warning-value = no warning value is set for { $indicator }
model-because-not = the test “{ $test }” does not hold
model-because-overdue = { $indicator }: { $past } days past due (notice { $within } days before)
model-because-overflow = the numbers of { $indicator } do not fit
model-because-pace = { $indicator } is { $value }, behind the process value { $plan }
model-because-peers = { $indicator } is { $value }; of { $of } peers only { $worse } are worse, so it is among the worst { $worst }
model-because-stale = dataset { $dataset } has had no new data for { $age } days, more than { $days }
model-because-value = { $indicator } is { $value }, which satisfies { $when }
model-because-warning = { $indicator } is { $value }, which breaches the warning value { $when } ({ $level })
model-because-zero-before = the earlier value of { $indicator } is zero, so there is no change in percent
model-calendar-circle = The containment of periods goes in a circle: { $kind ->
        [calendar-year] calendar year
        [academic-year] academic year
        [term] term
        [month] month
        [teaching-week] teaching week
        [day] day
        [project-stage] project stage
       *[custom] custom period
    } contains itself. Check the section contains.
model-calendar-empty = Period { $id } ends before it begins. Correct its dates.
model-calendar-id = Period id { $id } is malformed or used twice. Give custom periods an id of their own; write years as AY2025.
model-calendar-not-declared = Values by { $inner ->
        [calendar-year] calendar year
        [academic-year] academic year
        [term] term
        [month] month
        [teaching-week] teaching week
        [day] day
        [project-stage] project stage
       *[custom] custom period
    } cannot be rolled up to { $outer ->
        [calendar-year] calendar year
        [academic-year] academic year
        [term] term
        [month] month
        [teaching-week] teaching week
        [day] day
        [project-stage] project stage
       *[custom] custom period
    }: the calendar does not declare it. Declare it in the section contains, or choose another kind of period.
model-calendar-syntax = The calendar cannot be read at line { $line }: { $detail }. Correct it and try again.
model-calendar-terms = Calendar { $year }: term { $term } is out of order. The first term begins with the academic year, terms are numbered T1, T2, … and each begins after the one before.
model-calendar-weeks = Calendar { $year }: the teaching weeks of term { $term } reach outside the term. Correct the first week or the number of weeks.
model-check-circle = Indicators need each other in a circle: { $way }. Remove one reference, or read the period before with prev().
model-check-dates = A threshold of { $indicator } ends before it begins. Correct its dates.
model-check-decimals = { $decimals } decimals are too many; at most 10 are allowed.
model-check-measure-by = Measure { $measure }: the field { $field } given by “by” is not in dataset { $dataset }.
model-check-measure-empty = Measure { $measure } has no aggregate (agg).
model-check-measure-over = Measure { $measure } aggregates another indicator; only count, sum, min and max are allowed, not “{ $agg }”.
model-check-measure-source = Measure { $measure } needs exactly one of dataset and over.
model-check-name-twice = The name “{ $name }” is already that of { $first }. Indicators that differ need names that differ.
model-check-no-dataset = There is no dataset { $dataset }. Check the spelling, or enable the layer plugin that defines it.
model-check-no-indicator = There is no indicator { $indicator }. Check the code, or enable the layer plugin that defines it.
model-check-no-inputs = Computed dataset { $dataset } declares no inputs.
model-check-no-kind = No dataset describes objects of kind “{ $kind }”. Declare object in a master dataset, or correct the grain.
model-check-no-group = The master dataset of { $kind } has no field `{ $field }` to group by.
model-check-no-level = There is no warning level { $level }. Use a level that the policy defines.
model-check-no-measure = Measure { $measure } is used but not defined.
model-check-no-point = There is no control point { $point }. Define it with [[point]] in an indicators file first.
model-check-no-rule = There is no warning rule { $rule }.
model-check-quantity-judged = { $indicator } is a quantity, computed and never judged; it cannot have target, standard or warning values.
model-check-reference = Dataset { $dataset }: field { $field } refers to { $target }, which does not exist.
model-check-rule-grain = The rule looks at “{ $kind }”, for which { $indicator } is not computed. Correct grain, or add it to “also” of the indicator.
model-check-rule-test = The test { $test } of the rule makes no sense: { $why }.
model-check-unused-measure = Measure { $measure } is defined and never used. Remove it, or use it in the expression.
model-cycle-empty = The cycle template has no steps.
model-cycle-loops-apart = From step { $step } of the small loop no way leads back into the large loop. Name the step to return to in next.
model-cycle-no-diagnosis = The cycle template has no step that diagnoses. Mark at least one with diagnoses = true.
model-cycle-start = A cycle starts in the large loop, but the first step { $step } is of the small one.
model-cycle-step-twice = Step { $step } stands twice.
model-cycle-unknown-next = Step { $step } leads to { $next }, which is not there.
model-cycle-unreachable = Step { $step } cannot be reached from the first. Name it in next of an earlier step.
model-dataset-bound = Field { $field }: the bound “{ $bound }” does not fit its type.
model-dataset-bounds-crossed = Field { $field }: min is greater than max.
model-dataset-check-empty = Check { $check } has no SQL predicate.
model-dataset-check-twice = Check { $check } stands twice.
model-dataset-code-without-table = Field { $field } is of type code and names no code table (codes).
model-dataset-edge-without-start = The edge of { $child } has an end field and no start field.
model-dataset-empty-table = Field { $field }: code table { $table } is empty.
model-dataset-field-twice = Field { $field } stands twice.
model-dataset-header-twice = The header “{ $header }” means both { $first } and { $field }. Remove one of the aliases.
model-dataset-money-type = Field { $field } has a unit of money, so its type must be money.
model-dataset-money-without-unit = Money field { $field } must declare its unit (元 or 万元).
model-dataset-no-field = There is no field { $field }, which { $part ->
        [key] the key
        [time] time
        [object] object
       *[edge] an edge
    } names.
model-dataset-no-key = The dataset has no key. List the fields that identify a row in key.
model-dataset-no-table = Field { $field } uses code table { $table }, which is not defined.
model-dataset-object-dates = Field { $field } says when an object exists, so its type must be date.
model-dataset-object-key = A dataset that describes objects must have their id field { $field } in its key.
model-dataset-reference = Field { $field }: write references as dataset.field, not “{ $reference }”.
model-dataset-scale = Field { $field }: scale is for decimal and money only, and at most 10.
model-dataset-table-without-code = Field { $field } names a code table, so its type must be code.
model-dataset-time-type = Time field { $field } does not fit “by”: date and snapshot need a date, period needs text.
model-expr-arguments = Expression, character { $position }: write { $name } as { $wanted }.
model-expr-bad-name = Expression, character { $position }: “{ $text }” is neither a measure nor an indicator. Measures are lower-case; indicators are written @CODE.
model-expr-end = The expression breaks off at character { $position }.
model-expr-too-big = The expression is too long or too deeply nested at character { $position }. Split it into named quantities.
model-expr-unexpected = Expression, character { $position }: “{ $found }” may not stand here.
model-expr-unknown-function = Expression, character { $position }: there is no function { $name }. There are if, round, min, max, abs, or_zero, prev and last_year.
model-form-choice = “{ $value }” is none of the words that may stand here. Choose one from the list.
model-form-number = “{ $value }” is not a number of the kind wanted here.
model-form-required = This must be given.
model-form-twice = “{ $value }” stands here already. Choose another name.
model-check-weight = A weight is a percentage above 0 and at most 100, not { $weight }.
model-pack-defined-twice = { $id } is already defined in { $first }. Use another id.
model-pack-missing-key = The required key { $key } is missing.
model-pack-no-manifest = The pack has neither plugin.toml nor pack.toml.
model-pack-syntax = Cannot be read: { $detail }
model-pack-twice = Plugin { $id } is there twice. Keep one.
model-pack-two-manifests = A pack has one manifest: plugin.toml or pack.toml, not both.
model-pack-unknown-file = Unknown place for a file. TOML files belong in datasets, indicators, rules, policy or cycles.
model-pack-unknown-key = Unknown key { $key }. Known are: { $known }
model-period-locked = Period { $period } is locked and takes no more rows. For late rows record an exception first, with a name, a reason and an end.
model-period-signed = Period { $period } is signed; nothing in it changes any more.
model-period-state-change = Period { $period } cannot go from { $from ->
        [open] open
        [grace] grace
        [locked] locked
       *[signed] signed
    } to { $to ->
        [open] open
        [grace] grace
        [locked] locked
       *[signed] signed
    }.
model-threshold-direction = The { $kind ->
        [start] start value
        [process] process value
        [target] target
        [standard] standard
        [warning] warning value
       *[recovery] recovery value
    } { $when } points against the direction of the indicator ({ $direction ->
        [higher] higher is better
        [lower] lower is better
        [within] best within an interval
        [yes-no] yes or no
       *[level] level
    }). Correct the operator.
model-threshold-looser = { $indicator }: { $proposed } is looser than the standard { $floor } of the { $scope ->
        [nation] nation
        [province] province
        [college] college
        [unit] unit
        [group] group
       *[object] object
    } ({ $source }). Tighten it, or have an authorised person record an override.
model-threshold-lowered = { $indicator }: the core target { $old } of a plan may not be lowered to { $new } at revision.
model-threshold-not-nested = The target { $target } contradicts the { $kind ->
        [start] start value
        [process] process value
        [target] target
        [standard] standard
        [warning] warning value
       *[recovery] recovery value
    } { $when }: what reaches the target must satisfy it as well.
model-threshold-recovery-in-warning = The recovery value { $recovery } meets the warning value { $warning }: a value would raise and clear at once.
model-threshold-warning-in-target = The warning value { $warning } meets the target { $target }: what reaches the target may not warn.
model-unit-mixed = The expression adds or compares { $left } and { $right }. Convert one of them first.
model-unit-scale = The result of the expression is off by a factor of { $found } from the declared unit { $declared }. Convert in the expression, for example times 100 or divided by 10000.
model-unit-wrong = The expression yields { $found }, but the declared unit is { $declared }. Correct the unit or the formula.
model-warning-gone-not-cured = The object no longer exists, which is no cure. Choose another reason.
model-warning-handling = The warning is { $handling ->
        [new] new
        [acknowledged] acknowledged
        [in-progress] in progress
        [resolved] resolved
       *[reopened] reopened
    }; this cannot be done.
model-warning-no-reason = Give the name and the reason.
model-warning-pending = The warning is still pending and cannot be handled yet.
model-warning-silence-past = The silence would end on { $until }, which has come. Choose a later day.
model-bad-place = “{ $text }” names no object. Write kind/id, for example department/D03 or teacher/T00001.
model-roles-bad-id = “{ $id }” in roles.toml is no good id. Use lower-case letters, digits and -, starting with a letter.
model-roles-form = roles.toml cannot be read at line { $line }: { $problem }. Correct the line and try again.
model-roles-nameless = “{ $id }” in roles.toml has an empty label. Give names and about in Chinese and English.
model-roles-nobody = No role of the whole college has the right { $right }, so nobody could ever use it. Add it to a role with reach = "college" in roles.toml.
model-roles-powerless = Role “{ $role }” in roles.toml has no rights. Give it at least one, or remove it.
model-roles-purposeless = Role “{ $role }” in roles.toml: the right read-personal and purposes belong together. Name both or neither.
model-roles-twice = “{ $id }” stands twice in roles.toml. Remove or rename one of them.
model-roles-unknown-layer = Role “{ $role }” in roles.toml names the layer “{ $layer }”, which does not exist. There are: { $known }.
model-roles-unknown-purpose = Role “{ $role }” in roles.toml names the purpose “{ $purpose }”, which the file does not define. Add a [[purpose]] or correct the name.
model-roles-unknown-right = Role “{ $role }” in roles.toml names the right “{ $right }”, which does not exist. There are: { $known }.
