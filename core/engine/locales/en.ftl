# Messages of the engine.

engine-query = A query over the data failed. Nothing was stored. Run the diagnosis again; if it fails again, send the log to support.
engine-query-file = A data file could not be read: { $cause }. No result was saved. The file may be damaged or lost: check the disk of the data directory, restore it from a backup and diagnose again.
engine-shape = The data came in an unexpected form. Nothing was stored. Send the log to support.
engine-not-exact = A measure yielded { $found } where an exact number is needed. Rewrite it with count, sum, min or max over exact fields.
engine-unknown-period = The calendar has no period { $period }. Periods are written like AY2025, AY2025-T1, CY2025-M09; see the calendar in the configuration.
engine-unknown-indicator = There is no indicator { $indicator }. `zhengai indicator list` shows all.
engine-not-this-grain = { $indicator } is not computed for objects of kind { $kind }. `zhengai indicator show { $indicator }` shows for which.
engine-unknown-object = There is no { $kind } { $object } in { $period }. Check the number, or the dates of its master row.
engine-version-gone = Dataset { $dataset } is no longer there at version { $version }, so the run cannot be explained from its own rows. Run the diagnosis again.
engine-definitions = The definitions have faults. `zhengai indicator check` lists them.
engine-too-large = The value of { $indicator } for { $object } is too large for the result table. Check the unit of its data.
engine-cancelled = The diagnosis was stopped. Nothing was stored.
engine-no-transforms = No plugin library is loaded here.
engine-unknown-measure = { $owner }, { $place }{ engine-at }: there is no measure { $name }. Declare it under measures, or mend the spelling.
engine-unknown-input = { $owner }, { $place }{ engine-at }: there is no indicator { $indicator }. Mend the code, or enable the pack that defines it.
engine-unknown-dataset = { $owner }, { $place }{ engine-at }: there is no dataset { $dataset }. `zhengai dataset list` shows all.
engine-unknown-rule = { $owner }, { $place }{ engine-at }: there is no rule { $rule }.
engine-at = { $at ->
    [known] , character { $position }
   *[unknown] {""}
}
engine-unknown-field = { $owner }, { $place }{ engine-at }: dataset { $dataset } has no field { $field }. `zhengai dataset show { $dataset }` shows its fields.
engine-arguments = { $owner }, { $place }{ engine-at }: the function does not take fields of this type: { $found }. `zhengai dataset show { $dataset }` shows the types.
engine-sql = { $owner }, { $place }{ engine-at }: this is not SQL that can be run: { $said }
engine-not-mergeable = { $owner }, { $place }{ engine-at }: { $found } cannot be put together from parts. Use one count, sum, min, max or count(distinct …); write an average as a sum divided by a count.
engine-not-a-number = { $owner }, { $place }{ engine-at }: this yields { $found }, not an exact number. Aggregate a whole number, decimal or money field.
engine-not-a-condition = { $owner }, { $place }{ engine-at }: this yields { $found }, not true or false. Write a comparison.
engine-dataset-or-over = { $owner }, { $place }{ engine-at }: give either dataset or over, and not both.
engine-over = { $owner }, { $place }{ engine-at }: { $text } cannot be read. Over an indicator write agg as count, sum, min or max and where as conditions on value, for example value < 60.
engine-cycle = { $owner }, { $place }{ engine-at }: these indicators read each other: { $path }. Break the circle.
engine-no-field = { $owner }, { $place }{ engine-at }: no field of { $dataset } leads to objects of kind { $kind }. Name one with by, or declare the object of a field or an edge.
engine-many-fields = { $owner }, { $place }{ engine-at }: several fields of { $dataset } lead to objects of kind { $kind }: { $fields }. Name one of them with by.
engine-no-master = { $owner }, { $place }{ engine-at }: no dataset describes objects of kind { $kind }. Declare object in their master dataset.
engine-grain-of-input = { $owner }, { $place }{ engine-at }: { $indicator } is not computed for { $kind } nor for anything above it. Add the kind to its also.
engine-period-of-input = { $owner }, { $place }{ engine-at }: { $indicator } is computed by { $kind }, which cannot be read for a longer period. Aggregate the data instead.
engine-decimals = { $owner }, { $place }{ engine-at }: { $digits } digits after the point are too many; at most 10.
