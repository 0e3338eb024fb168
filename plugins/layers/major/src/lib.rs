//! zhengai-layer-major
