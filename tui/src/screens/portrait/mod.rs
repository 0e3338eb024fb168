//! The screen `portrait`.

use crate::app::{Params, Screen, ScreenId};
use crate::screens::placeholder::Placeholder;

/// Makes the screen.
pub fn build(_params: &Params) -> Box<dyn Screen> {
    Box::new(Placeholder::new(ScreenId::Portrait))
}
