//! The heat map (热力图): objects × indicators of a layer, a page of objects at a time. A cell without a number says why.

use crate::call::Call;
use crate::overview::{Level, RunName};
use crate::page::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhengai_model::layer::Layer;

/// In which order objects stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Those with the most severe warnings and the most 不达标 first.
    #[default]
    Worst,
    /// By name.
    Name,
    /// By id.
    Id,
}

/// Which heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HeatmapQuery {
    /// The layer.
    #[param(value_type = String)]
    pub layer: Layer,
    /// The run; the newest finished one that judged the layer when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Kind of objects; the layer's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Values of this period; of the newest that each indicator has in the run when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Objects at or below this one: `department/D01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Objects with this text in id or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Codes of indicators, with commas between them; all of the layer when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicators: Option<String>,
    /// Order of the objects; `worst` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub sort: Option<Order>,
    /// Leave out so many objects first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// At most so many objects (100; never more than 10 000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl HeatmapQuery {
    /// The heat map of a layer.
    pub fn of(layer: Layer) -> Self {
        Self {
            layer,
            run: None,
            kind: None,
            period: None,
            unit: None,
            search: None,
            indicators: None,
            sort: None,
            offset: None,
            limit: None,
        }
    }
}

/// A piece of a heat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heatmap {
    /// The run.
    pub run: RunName,
    /// The layer.
    #[schema(value_type = String)]
    pub layer: Layer,
    /// Name of the layer.
    pub layer_name: String,
    /// Kind of the objects.
    pub kind: String,
    /// Kinds that the layer was judged for in this run.
    pub kinds: Vec<KindName>,
    /// Periods that the run computed.
    pub periods: Vec<PeriodName>,
    /// Levels of warnings, mild first.
    pub levels: Vec<Level>,
    /// The indicators.
    pub columns: Vec<HeatColumn>,
    /// The objects.
    #[serde(flatten)]
    pub page: Page<HeatRow>,
}

/// A kind of object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindName {
    /// Its word.
    pub id: String,
    /// Its name.
    pub label: String,
}

/// A period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
}

/// An indicator as a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeatColumn {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The 质控点 that it belongs to.
    pub point: String,
}

/// An object as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeatRow {
    /// Its id.
    pub object: String,
    /// Its name.
    pub name: String,
    /// Results that are 不达标.
    pub unmet: u64,
    /// Warning values that are breached.
    pub warned: u64,
    /// Its cells, in the order of the columns.
    pub cells: Vec<Cell>,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CellState {
    /// A number.
    Number,
    /// 无数据: nothing to compute from.
    NoData,
    /// 无法判定: there are data, but no number follows from them.
    Undetermined,
    /// 不适用
    NotApplicable,
    /// 未到期
    NotDue,
    /// The run has no result here: the indicator is not computed for this object.
    None,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cell {
    /// What it says.
    pub state: CellState,
    /// The number, exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The verdict: `achieved`, `met`, `unmet`, `unjudged`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Level of the warning value that is breached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The standard in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// Whether somebody has verified the thresholds.
    pub verified: bool,
    /// Why there is no number, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// The period of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// `GET /v1/heatmap`.
pub fn show(query: &HeatmapQuery) -> Call<Heatmap> {
    Call::get(&["heatmap"]).query(query)
}

#[cfg(test)]
mod tests {
    use super::{HeatmapQuery, Order};
    use zhengai_model::layer::Layer;

    #[test]
    fn a_query_says_words_and_leaves_out_what_is_not_asked() {
        let query = HeatmapQuery {
            unit: Some("department/D01".to_owned()),
            sort: Some(Order::Name),
            offset: Some(200),
            ..HeatmapQuery::of(Layer::Teacher)
        };
        let call = super::show(&query);
        assert_eq!(call.request().query, "layer=teacher&unit=department%2FD01&sort=name&offset=200");
    }
}
