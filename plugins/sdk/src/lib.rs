//! zhengai-plugin
