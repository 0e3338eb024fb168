//! What people read, into the archive: the pages of the root and `docs/`, so that each link between them leads somewhere
//! without the repository.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Pages of the root.
const ROOT: [&str; 7] = [
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// The header of the plugin interface. The folder `plugins` of an archive holds plugins and nothing else, so the header
/// stands among the pages that name it.
const HEADER: (&str, &str) = ("../plugins/abi/include/zhengai_plugin.h", "zhengai_plugin.h");

/// What builds of the examples leave behind.
const LEFT: [&str; 3] = ["target", "Cargo.lock", "build"];

/// Copies all pages from the checkout into the folder of the archive.
pub fn copy(root: &Path, into: &Path) -> Result<()> {
    fs::create_dir_all(into).with_context(|| format!("cannot make {}", into.display()))?;
    for name in ROOT {
        page(&root.join(name), &into.join(name))?;
    }
    tree(&root.join("docs"), &into.join("docs"))?;
    let header = root.join("docs").join(HEADER.0);
    fs::copy(&header, into.join("docs").join(HEADER.1)).with_context(|| format!("cannot copy {}", header.display()))?;
    Ok(())
}

fn tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT.iter().any(|left| name == *left) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => tree(&entry.path(), &to.join(name))?,
            false => page(&entry.path(), &to.join(name))?,
        }
    }
    Ok(())
}

fn page(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let bytes = match (from.extension().is_some_and(|end| end == "md"), String::from_utf8(bytes)) {
        (true, Ok(text)) => text.replace(HEADER.0, HEADER.1).into_bytes(),
        (_, Ok(text)) => text.into_bytes(),
        (_, Err(other)) => other.into_bytes(),
    };
    fs::write(to, bytes).with_context(|| format!("cannot write {}", to.display()))
}

#[cfg(test)]
mod tests {
    use super::copy;
    use crate::tools;
    use std::path::{Path, PathBuf};

    /// Pages below a folder.
    fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                pages(&path, found);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }

    /// Where the links of a page lead, as far as they stay in the archive.
    fn links(text: &str) -> Vec<String> {
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let inside = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '<']));
        inside.map(|target| target.split('#').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_link_of_the_archive_leads_to_something_in_the_archive() {
        let folder = std::env::temp_dir().join(format!("zhengai-pages-{}", std::process::id()));
        copy(&tools::root(), &folder).expect("pages");
        let mut found = Vec::new();
        pages(&folder, &mut found);
        let mut dead = Vec::new();
        let mut count = 0;
        for page in &found {
            let text = std::fs::read_to_string(page).expect("a page");
            for link in links(&text) {
                count += 1;
                if !page.parent().expect("a folder").join(&link).exists() {
                    dead.push(format!("{}: {link}", page.display()));
                }
            }
        }
        let _ = std::fs::remove_dir_all(&folder);
        assert!(dead.is_empty(), "{dead:#?}");
        assert!(found.len() > 20 && count > 20, "{} pages, {count} links", found.len());
    }
}
