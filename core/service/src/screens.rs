//! Screens that enabled plugins bring: read from their files, filled by a read-only query.

use crate::college::College;
use crate::desk::{DeskRequest, DeskRows};
use crate::error::ServiceError;
use zhengai_model::rights::Right;
use zhengai_model::screen::{Screen, ScreenFile};
use zhengai_warehouse::CancelFlag;

/// Folder of a plugin with its screens.
const FOLDER: &str = "screens/";

impl College {
    /// Screens of enabled plugins, each with the id of its plugin.
    pub fn screens(&self) -> Result<Vec<(String, Screen)>, ServiceError> {
        self.permit(Right::ReadRows)?;
        let mut screens = Vec::new();
        for state in self.plugins.all().filter(|state| state.enabled) {
            for (path, text) in state.found.files.iter().filter(|(path, _)| path.starts_with(FOLDER)) {
                let place = state.found.dir.join(path);
                let file: ScreenFile =
                    toml::from_str(text).map_err(|source| ServiceError::config(&place, text, &source))?;
                screens.extend(file.screens.into_iter().map(|screen| (state.found.id().to_string(), screen)));
            }
        }
        Ok(screens)
    }

    /// One screen with the rows that its query finds, at most so many.
    pub async fn screen(&self, plugin: &str, id: &str, rows: usize) -> Result<(Screen, DeskRows), ServiceError> {
        self.permit_whole(Right::ReadRows)?;
        let all = self.screens()?;
        let found = all.iter().find(|(of, screen)| of == plugin && screen.id == id);
        let Some((_, screen)) = found else {
            return Err(ServiceError::not_found("screen", id, all.iter().map(|(_, screen)| screen.id.as_str())));
        };
        let request = DeskRequest { sql: screen.sql.clone(), offset: 0, rows };
        let rows = self.answer(&request, &CancelFlag::new()).await?;
        Ok((screen.clone(), rows))
    }
}
