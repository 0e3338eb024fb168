//! Which functions a query may use: those that were judged, one by one. A function stays out when what it makes can be
//! many times as large as what it reads, when its time grows faster than that, or when it tells of the house and not of
//! the rows; [`super::guard`] lets in those that join and replace texts. What a new DataFusion brings is not there until
//! it stands in one of these lists.

use super::guard::{Grows, Guarded, Joins};
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::ScalarUDF;
use datafusion::logical_expr::planner::ExprPlanner;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Functions of one row, by their first names: as large as what they read, in a time that grows with it.
#[rustfmt::skip]
const SCALAR: &[&str] = &[
    // Numbers.
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "cos", "cosh", "cot", "degrees",
    "exp", "factorial", "floor", "gcd", "isnan", "iszero", "lcm", "ln", "log", "log10", "log2", "nanvl", "pi", "power",
    "radians", "random", "round", "signum", "sin", "sinh", "sqrt", "tan", "tanh", "trunc",
    // Days and times.
    "current_date", "current_time", "date_bin", "date_part", "date_trunc", "from_unixtime", "make_date", "make_time",
    "now", "to_char", "to_date", "to_local_time", "to_time", "to_timestamp", "to_timestamp_micros",
    "to_timestamp_millis", "to_timestamp_nanos", "to_timestamp_seconds", "to_unixtime",
    // Texts: a letter for a letter, a part of one, a number about one.
    "ascii", "bit_length", "btrim", "character_length", "chr", "contains", "ends_with", "find_in_set", "initcap", "left",
    "lower", "ltrim", "octet_length", "regexp_count", "regexp_instr", "regexp_like", "reverse", "right", "rtrim",
    "split_part", "starts_with", "strpos", "substr", "substr_index", "to_hex", "translate", "upper",
    // Digests, all of them short.
    "digest", "md5", "sha224", "sha256", "sha384", "sha512",
    // One of what is there.
    "arrow_typeof", "coalesce", "get_field", "greatest", "least", "nullif", "nvl", "nvl2",
    // Lists that an aggregate or a text gave.
    "array_avg", "array_distinct", "array_element", "array_has", "array_length", "array_max", "array_min",
    "array_position", "array_slice", "array_sort", "array_sum", "cardinality", "empty", "string_to_array",
];

/// Functions whose texts are reckoned before each call.
const GUARDED: &[(&str, Grows)] = &[
    ("concat", Grows::Sum),
    ("concat_ws", Grows::Separates),
    ("overlay", Grows::Sum),
    ("regexp_match", Grows::Captures),
    ("regexp_replace", Grows::Replaces),
    ("replace", Grows::Replaces),
];

/// Functions of many rows; what they hold is counted by the memory of the query.
#[rustfmt::skip]
const AGGREGATE: &[&str] = &[
    "any_value", "approx_distinct", "approx_median", "approx_percentile_cont", "approx_percentile_cont_with_weight",
    "array_agg", "avg", "bit_and", "bit_or", "bit_xor", "bool_and", "bool_or", "corr", "count", "covar_pop",
    "covar_samp", "first_value", "grouping", "last_value", "max", "median", "min", "nth_value", "percentile_cont",
    "regr_avgx", "regr_avgy", "regr_count", "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy",
    "regr_syy", "stddev", "stddev_pop", "string_agg", "sum", "var", "var_pop",
];

/// Functions of neighbouring rows.
#[rustfmt::skip]
const WINDOW: &[&str] = &[
    "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank",
    "row_number",
];

/// A state with the functions that were judged and nothing else that DataFusion brings by itself: no table functions, no
/// formats, nothing that writes. Texts that one call makes are never longer than `most` bytes together.
pub(crate) fn state(most: usize) -> SessionStateBuilder {
    let guarded = guarded(most);
    let overlay = guarded.iter().find(|function| function.name() == "overlay").map(Arc::clone);
    let mut planners: Vec<Arc<dyn ExprPlanner>> = vec![Arc::new(Joins::new(most, overlay))];
    planners.extend(SessionStateDefaults::default_expr_planners());
    let scalar = SessionStateDefaults::default_scalar_functions().into_iter();
    let aggregate = SessionStateDefaults::default_aggregate_functions().into_iter();
    let window = SessionStateDefaults::default_window_functions().into_iter();
    SessionStateBuilder::new()
        .with_expr_planners(planners)
        .with_scalar_functions(scalar.filter(|one| SCALAR.contains(&one.name())).chain(guarded).collect())
        .with_aggregate_functions(aggregate.filter(|one| AGGREGATE.contains(&one.name())).collect())
        .with_window_functions(window.filter(|one| WINDOW.contains(&one.name())).collect())
}

fn guarded(most: usize) -> Vec<Arc<ScalarUDF>> {
    let grows = |name: &str| GUARDED.iter().find(|(known, _)| *known == name).map(|(_, grows)| *grows);
    let all = SessionStateDefaults::default_scalar_functions().into_iter();
    let guard = |one: Arc<ScalarUDF>| {
        let grows = grows(one.name())?;
        Some(Arc::new(ScalarUDF::from(Guarded::new(one, grows, most))))
    };
    all.filter_map(guard).collect()
}

/// Names of the functions that a query may use, sorted.
pub fn desk_functions() -> Vec<String> {
    let state = state(0).build();
    let scalar = state.scalar_functions().keys();
    let names: BTreeSet<&String> =
        scalar.chain(state.aggregate_functions().keys()).chain(state.window_functions().keys()).collect();
    names.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{AGGREGATE, GUARDED, SCALAR, WINDOW};
    use datafusion::prelude::SessionContext;
    use std::collections::BTreeSet;

    /// Functions that were judged and stay out.
    #[rustfmt::skip]
    const REFUSED: &[&str] = &[
        // They make much out of little, or twice as much of the same each time that they are used again.
        "array_append", "array_concat", "array_prepend", "array_repeat", "array_replace", "array_replace_all",
        "array_replace_n", "array_resize", "array_to_string", "array_union", "arrays_zip", "decode", "encode", "flatten",
        "generate_series", "lpad", "make_array", "map", "named_struct", "range", "repeat", "rpad", "struct",
        // Their time grows faster than what they read.
        "array_except", "array_has_all", "array_has_any", "array_intersect", "levenshtein",
        // They tell of files, types and versions, or make values of any type.
        "arrow_cast", "arrow_field", "arrow_metadata", "arrow_try_cast", "cast_to_type", "file_row_index",
        "input_file_name", "try_cast_to_type", "union_extract", "union_tag", "uuid", "version", "with_metadata",
        // Nobody asks for them at a desk.
        "array_add", "array_any_match", "array_any_value", "array_compact", "array_dims", "array_distance",
        "array_filter", "array_first", "array_ndims", "array_normalize", "array_pop_back", "array_pop_front",
        "array_positions", "array_product", "array_remove", "array_remove_all", "array_remove_n", "array_reverse",
        "array_scale", "array_subtract", "array_transform", "cosine_distance", "inner_product", "map_entries",
        "map_extract", "map_keys", "map_values",
    ];

    #[test]
    fn every_function_of_datafusion_is_judged_once_and_none_that_is_judged_is_gone() {
        let state = SessionContext::new().state();
        let mut there: BTreeSet<String> = BTreeSet::new();
        there.extend(state.scalar_functions().values().map(|one| format!("scalar {}", one.name())));
        there.extend(state.higher_order_functions().values().map(|one| format!("scalar {}", one.name())));
        there.extend(state.aggregate_functions().values().map(|one| format!("aggregate {}", one.name())));
        there.extend(state.window_functions().values().map(|one| format!("window {}", one.name())));
        let mut judged: Vec<String> = Vec::new();
        judged.extend(SCALAR.iter().chain(REFUSED).map(|name| format!("scalar {name}")));
        judged.extend(GUARDED.iter().map(|(name, _)| format!("scalar {name}")));
        judged.extend(AGGREGATE.iter().map(|name| format!("aggregate {name}")));
        judged.extend(WINDOW.iter().map(|name| format!("window {name}")));
        let once: BTreeSet<String> = judged.iter().cloned().collect();
        assert_eq!(once.len(), judged.len(), "one stands in two lists");
        let unjudged: Vec<&String> = there.difference(&once).collect();
        let gone: Vec<&String> = once.difference(&there).collect();
        assert!(unjudged.is_empty() && gone.is_empty(), "not judged: {unjudged:?}; gone: {gone:?}");
    }
}
