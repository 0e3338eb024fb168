//! zhengai
fn main() {}
