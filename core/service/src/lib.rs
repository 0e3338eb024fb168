//! zhengai-service
