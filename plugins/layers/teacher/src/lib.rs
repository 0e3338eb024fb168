//! zhengai-layer-teacher
