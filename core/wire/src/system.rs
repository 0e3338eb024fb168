//! Configuration, backup and check-up.

use crate::call::Call;
use crate::job::Job;
use crate::upload::FileRef;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Setting {
    /// Dotted key.
    pub key: String,
    /// Value in force, without secrets.
    pub value: String,
    /// Where it comes from: `default`, `file`, `environment` or `flag`.
    pub origin: String,
    /// Name of the origin.
    pub origin_name: String,
    /// What it is for.
    pub about: String,
    /// `text`, `language`, `share`, `count`, `review` or `address`.
    pub kind: String,
    /// The value without any file.
    pub default: String,
    /// Whether it can be changed here; otherwise another command is for it, or something stronger than the file says it.
    pub editable: bool,
}

/// A value for a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingOrder {
    /// The value; the default again when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A backup to be made or verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupOrder {
    /// The archive. Only clients of the same process may name a path; without a file, the archive stands with the server
    /// until it is fetched with [`fetch_backup`].
    #[serde(default)]
    pub file: FileRef,
    /// `left`: secrets stay where they are; `taken`: they are in the archive, unencrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<String>,
}

/// A backup that stands with the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackupKept {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was finished.
    pub at: DateTime<Utc>,
}

/// What an archive holds: the result of the jobs that [`backup`] and [`verify_backup`] start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackupMade {
    /// The archive.
    pub file: String,
    /// Identity of the college.
    pub college: String,
    /// Its name.
    pub name: String,
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// Files in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Tables in it.
    pub tables: u64,
    /// Rows of the record.
    pub rows: u64,
    /// End of the audit chain.
    pub audit_seq: u64,
    /// Its hash.
    pub audit_hash: String,
    /// Whether secrets are in it.
    pub secrets: bool,
    /// Files of earlier versions of tables that were gone already.
    pub absent: u64,
    /// Whether the audit has a row about it.
    pub noted: bool,
}

/// What the check-up is to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoctorOrder {
    /// `look`, or `fix`: remove what is provably garbage first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

/// What the check-up found: the result of the job that [`doctor`] starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorReport {
    /// Findings, the worst first.
    pub findings: Vec<Finding>,
    /// Paths below the warehouse that were removed; absent when nothing was to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Vec<String>>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// `broken`, `warning` or `note`.
    pub severity: String,
    /// Word of what was looked at.
    pub check: String,
    /// The thing that it is about.
    pub subject: String,
    /// What was found.
    pub finding: String,
    /// What to do.
    pub advice: String,
}

/// `GET /v1/config`.
pub fn config() -> Call<Vec<Setting>> {
    Call::get(&["config"])
}

/// `PUT /v1/config/{key}`.
pub fn set(key: &str, value: Option<&str>) -> Call<Setting> {
    Call::put(&["config", key]).body(&SettingOrder { value: value.map(str::to_owned) })
}

/// `POST /v1/backups`: a job; its result is a [`BackupMade`].
pub fn backup(order: &BackupOrder) -> Call<Job> {
    Call::post(&["backups"]).body(order)
}

/// `GET /v1/backups`: those that can be fetched, the newest first.
pub fn backups() -> Call<Vec<BackupKept>> {
    Call::get(&["backups"])
}

/// `GET /v1/backups/{name}`: the archive.
pub fn fetch_backup(name: &str) -> Call<()> {
    Call::get(&["backups", name])
}

/// `DELETE /v1/backups/{name}`.
pub fn forget_backup(name: &str) -> Call<()> {
    Call::delete(&["backups", name])
}

/// `POST /v1/backups/verify`: a job; its result is a [`BackupMade`].
pub fn verify_backup(order: &BackupOrder) -> Call<Job> {
    Call::post(&["backups", "verify"]).body(order)
}

/// `POST /v1/doctor`: a job; its result is a [`DoctorReport`].
pub fn doctor(order: &DoctorOrder) -> Call<Job> {
    Call::post(&["doctor"]).body(order)
}
