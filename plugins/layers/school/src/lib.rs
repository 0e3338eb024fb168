//! zhengai-layer-school
