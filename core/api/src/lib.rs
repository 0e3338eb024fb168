//! The API (接口): the one door to a college. The same router serves the network, the command line and the console; rights
//! are checked in the use cases behind it, never here.
