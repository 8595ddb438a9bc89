//! Makes one function of each text in `texts/`, the same in every language: a text that one language lacks has none, so that
//! the page that shows it does not compile.

use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, try_build_from_locales_folder};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=texts");
    let out = std::env::var("OUT_DIR")?;
    let place = |name: &str| Path::new(&out).join(name).to_string_lossy().into_owned();
    let options = BuildOptions::default()
        .with_locales_folder("texts")
        .with_output_file_path(&place("texts.rs"))
        .with_ftl_output(FtlOutputOptions::single_file(&place("texts.ftl")))
        .with_prefix("")
        .with_lint_level(LintLevel::Strict)
        .without_format()
        .without_bidi_isolation();
    try_build_from_locales_folder(options)?;
    Ok(())
}
