//! 五横 (five layers) and 五纵 (five systems). Their labels are data of packs and policy; only their identity is fixed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// 五横: the five layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// 学校
    School,
    /// 专业
    Major,
    /// 课程
    Course,
    /// 教师
    Teacher,
    /// 学生
    Student,
}

impl Layer {
    /// All layers, in the order in which reports list them.
    pub const ALL: [Self; 5] = [Self::School, Self::Major, Self::Course, Self::Teacher, Self::Student];

    /// The word used in files, commands and results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Major => "major",
            Self::Course => "course",
            Self::Teacher => "teacher",
            Self::Student => "student",
        }
    }

    /// The layer with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.as_str() == text)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// 五纵: the five systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// 决策指挥
    Command,
    /// 质量生成
    Generation,
    /// 资源建设
    Resources,
    /// 支持服务
    Support,
    /// 监督控制
    Control,
}

impl System {
    /// All systems, in the order of the source documents.
    pub const ALL: [Self; 5] = [Self::Command, Self::Generation, Self::Resources, Self::Support, Self::Control];

    /// The word used in files, commands and results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Generation => "generation",
            Self::Resources => "resources",
            Self::Support => "support",
            Self::Control => "control",
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
