//! zhengai-plugin-abi
