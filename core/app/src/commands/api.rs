//! `api openapi`: the description of the API.

use crate::cli::ApiCommand;
use crate::exit;
use crate::out::say;
use anyhow::Result;

pub(crate) fn run(command: &ApiCommand) -> Result<u8> {
    match command {
        ApiCommand::Openapi => say!("{}", zhengai_api::document_text()),
    }
    Ok(exit::DONE)
}
