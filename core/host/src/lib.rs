//! zhengai-host
