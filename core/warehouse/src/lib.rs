//! zhengai-warehouse
