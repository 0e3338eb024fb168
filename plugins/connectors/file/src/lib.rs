//! zhengai-connector-file
