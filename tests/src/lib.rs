//! zhengai-tests
