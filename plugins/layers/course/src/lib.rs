//! zhengai-layer-course
