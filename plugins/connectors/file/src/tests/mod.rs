//! Behaviour of the connector, from the outside: files in, batches out.
