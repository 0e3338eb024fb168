//! zhengai-store
