//! Tags of the frame's own requests and questions.

/// Who asks.
pub(super) const SESSION: &str = "frame-session";
/// Which jobs there are.
pub(super) const JOBS: &str = "frame-jobs";
/// An act is taken back.
pub(super) const UNDO: &str = "frame-undo";
/// A job is cancelled.
pub(super) const CANCEL: &str = "frame-cancel";
/// Jobs run: what now.
pub(super) const QUIT: &str = "frame-quit";
/// Leave a screen with unsaved changes.
pub(super) const LEAVE: &str = "frame-leave";
/// What was done last, by the audit log.
pub(super) const LOOK_BACK: &str = "frame-look-back";
/// Take back what was done before.
pub(super) const TAKE_BACK: &str = "frame-take-back";
/// Language, theme, glyphs.
pub(super) const DRESS: &str = "frame-dress";
/// What the palette finds at the server.
pub(super) const SEEK: &str = "frame-seek";
/// Leave the console with unsaved changes.
pub(super) const QUIT_UNSAVED: &str = "frame-quit-unsaved";
