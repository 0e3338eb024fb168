//! Names of people, majors, courses and firms. All invented by combination; any likeness is chance.

use super::rng::Rng;

const SURNAMES: [&str; 60] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾",
    "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪",
    "田", "任", "欧阳",
];
const MALE: [&str; 36] = [
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "鹏", "辉", "刚", "健", "浩", "宇", "轩", "博", "文",
    "斌", "凯", "旭", "峰", "龙", "晨", "航", "志", "远", "俊", "天", "泽", "子", "瑞", "嘉", "家", "国",
];
const FEMALE: [&str; 36] = [
    "芳", "娜", "敏", "静", "丽", "艳", "娟", "霞", "婷", "雪", "慧", "莹", "玲", "倩", "欣", "怡", "佳", "梦", "琪",
    "雨", "诗", "涵", "洁", "颖", "丹", "蕾", "薇", "萍", "红", "兰", "思", "晓", "若", "紫", "梓", "安",
];
/// Provinces of origin, the home province first.
pub(super) const HOMES: [&str; 12] =
    ["河南", "河南", "河南", "河南", "河南", "河南", "山西", "安徽", "湖北", "陕西", "甘肃", "新疆"];
const FIRM_PLACES: [&str; 10] = ["中原", "郑汴", "嵩山", "黄河", "豫东", "华信", "东方", "鼎盛", "远航", "新程"];
const FIRM_TRADES: [&str; 8] = ["智能装备", "信息科技", "电子", "汽车服务", "建设工程", "商贸", "物流", "文化传播"];

/// A person's name.
pub(super) fn person(rng: &mut Rng, female: Female) -> String {
    let given = if female.0 { &FEMALE } else { &MALE };
    let mut name = rng.pick(&SURNAMES).to_owned();
    name.push_str(rng.pick(given));
    if rng.per_mille(720) {
        name.push_str(rng.pick(given));
    }
    name
}

/// Whether a person is a woman.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Female(pub(super) bool);

/// A firm's name.
pub(super) fn firm(rng: &mut Rng) -> String {
    format!("{}{}有限公司", rng.pick(&FIRM_PLACES), rng.pick(&FIRM_TRADES))
}

/// The firm with a number: eighty different ones in a row.
pub(super) fn firm_number(number: usize) -> String {
    let trade = number / FIRM_PLACES.len() % FIRM_TRADES.len();
    format!("{}{}股份有限公司", FIRM_PLACES[number % FIRM_PLACES.len()], FIRM_TRADES[trade])
}

/// Majors: code, name, category code. Codes are in the style of the national catalogue.
pub(super) const MAJORS: [(&str, &str, &str); 60] = [
    ("460301", "机电一体化技术", "equipment_manufacturing"),
    ("510201", "计算机应用技术", "electronics_information"),
    ("530302", "大数据与会计", "finance_trade"),
    ("520201", "护理", "health"),
    ("460103", "数控技术", "equipment_manufacturing"),
    ("510203", "软件技术", "electronics_information"),
    ("530701", "电子商务", "finance_trade"),
    ("440301", "建筑工程技术", "civil_construction"),
    ("460305", "工业机器人技术", "equipment_manufacturing"),
    ("510202", "计算机网络技术", "electronics_information"),
    ("530605", "市场营销", "finance_trade"),
    ("440501", "工程造价", "civil_construction"),
    ("460306", "电气自动化技术", "equipment_manufacturing"),
    ("510204", "数字媒体技术", "electronics_information"),
    ("530802", "现代物流管理", "finance_trade"),
    ("500211", "汽车检测与维修技术", "transport"),
    ("460113", "模具设计与制造", "equipment_manufacturing"),
    ("510205", "大数据技术", "electronics_information"),
    ("530201", "金融服务与管理", "finance_trade"),
    ("540101", "旅游管理", "tourism"),
    ("460702", "新能源汽车技术", "equipment_manufacturing"),
    ("510102", "物联网应用技术", "electronics_information"),
    ("530301", "大数据与财务管理", "finance_trade"),
    ("550102", "视觉传达设计", "culture_art"),
    ("460104", "机械制造及自动化", "equipment_manufacturing"),
    ("510206", "云计算技术应用", "electronics_information"),
    ("530501", "国际经济与贸易", "finance_trade"),
    ("440106", "建筑室内设计", "civil_construction"),
    ("460101", "机械设计与制造", "equipment_manufacturing"),
    ("510209", "人工智能技术应用", "electronics_information"),
    ("530601", "工商企业管理", "finance_trade"),
    ("520301", "药学", "health"),
    ("460110", "智能焊接技术", "equipment_manufacturing"),
    ("510101", "电子信息工程技术", "electronics_information"),
    ("540106", "酒店管理与数字化运营", "tourism"),
    ("410105", "园艺技术", "agriculture"),
    ("460701", "汽车制造与试验技术", "equipment_manufacturing"),
    ("510103", "应用电子技术", "electronics_information"),
    ("570201", "商务英语", "education_sport"),
    ("410202", "园林技术", "agriculture"),
    ("460303", "智能机电技术", "equipment_manufacturing"),
    ("510207", "信息安全技术应用", "electronics_information"),
    ("570102", "学前教育", "education_sport"),
    ("470201", "应用化工技术", "food_chemistry"),
    ("460102", "数字化设计与制造技术", "equipment_manufacturing"),
    ("510301", "现代通信技术", "electronics_information"),
    ("540202", "烹饪工艺与营养", "tourism"),
    ("410303", "畜牧兽医", "agriculture"),
    ("500405", "空中乘务", "transport"),
    ("550103", "数字媒体艺术设计", "culture_art"),
    ("520501", "医学检验技术", "health"),
    ("430101", "发电厂及电力系统", "energy"),
    ("500112", "城市轨道交通运营管理", "transport"),
    ("550106", "环境艺术设计", "culture_art"),
    ("520601", "康复治疗技术", "health"),
    ("430301", "光伏工程技术", "energy"),
    ("500202", "道路与桥梁工程技术", "transport"),
    ("470101", "食品生物技术", "food_chemistry"),
    ("440403", "建筑智能化工程技术", "civil_construction"),
    ("500210", "汽车技术服务与营销", "transport"),
];

/// General courses by term of study, taught to everybody.
pub(super) const GENERAL: [&[&str]; 6] = [
    &["思想道德与法治", "大学英语(一)", "体育与健康(一)", "高等数学(上)", "信息技术", "军事理论"],
    &["毛泽东思想概论", "大学英语(二)", "体育与健康(二)", "高等数学(下)", "心理健康教育", "大学语文"],
    &["国家安全教育", "大学英语(三)", "体育与健康(三)", "职业生涯规划", "中华优秀传统文化", "应用文写作"],
    &["形势与政策", "大学英语(四)", "体育与健康(四)", "创新创业基础", "劳动教育", "美育"],
    &["就业指导", "安全教育"],
    &["毕业教育"],
];

/// Endings of the names of a major's own courses by term of study.
pub(super) const SPECIAL: [&[&str]; 6] = [
    &["导论", "制图与识图", "基础", "基本技能训练"],
    &["原理与应用", "材料与工具", "软件应用", "设备使用与维护"],
    &["标准与规范", "数据采集与处理", "案例分析", "项目实践(一)"],
    &["系统设计", "质量检测", "安全生产与环保", "综合实训(一)"],
    &["新技术应用", "项目管理", "仿真技术", "故障诊断", "营销与服务", "智能化应用", "生产运营", "项目实践(二)"],
    &["职业技能认证", "综合实训(二)", "岗位综合实践", "毕业设计", "专题讲座"],
];

/// Functional departments: code, name, system code.
pub(super) const OFFICES: [(&str, &str, &str); 8] = [
    ("D81", "党政办公室", "command"),
    ("D82", "教务处", "generation"),
    ("D83", "学生工作处", "generation"),
    ("D84", "人事处", "resources"),
    ("D85", "信息与资源中心", "resources"),
    ("D86", "后勤保障处", "support"),
    ("D87", "招生就业处", "support"),
    ("D88", "质量管理办公室", "control"),
];

/// Names of teaching departments by what they teach; a number is added when there are more.
pub(super) const SCHOOLS: [&str; 12] = [
    "智能制造学院",
    "信息工程学院",
    "经济管理学院",
    "健康学院",
    "建筑工程学院",
    "汽车学院",
    "商学院",
    "艺术设计学院",
    "现代服务学院",
    "材料与能源学院",
    "交通学院",
    "生物工程学院",
];
