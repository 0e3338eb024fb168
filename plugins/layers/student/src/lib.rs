//! zhengai-layer-student
