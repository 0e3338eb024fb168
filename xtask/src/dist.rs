//! `cargo xtask dist`: a folder and an archive that run where they are unpacked, with no toolchain and no network.

use crate::{home, notices, pages, tools};
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;

/// Builds with the profile (release unless told), assembles `dist/zhengai-<version>-<target>` and packs it.
pub fn run(words: &[String]) -> Result<()> {
    let profile = match words {
        [] => "release",
        [flag, name] if flag == "--profile" => name.as_str(),
        _ => bail!("usage: cargo xtask dist [--profile NAME]"),
    };
    let name = format!("zhengai-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS);
    let folder = tools::root().join("dist").join(&name);
    home::build_and_assemble(profile, &folder)?;
    pages::copy(&tools::root(), &folder)?;
    std::fs::write(folder.join("THIRD-PARTY-NOTICES.txt"), notices::collect()?).context("cannot write the notices")?;
    let archive = tools::root().join("dist").join(format!("{name}.tar.gz"));
    let file = File::create(&archive).with_context(|| format!("cannot write {}", archive.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    tar.append_dir_all(&name, &folder).context("cannot pack the folder")?;
    tar.into_inner()?.finish()?.sync_all()?;
    println!("{}", folder.display());
    println!("{}", archive.display());
    Ok(())
}
