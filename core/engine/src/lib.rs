//! zhengai-engine
