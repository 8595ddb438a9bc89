//! The books that come with the till.

use pricebook::Files;
use std::path::Path;

fn read(name: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pricebooks").join(name);
    let mut files = Files::default();
    for folder in ["", "products", "tables"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.add(&name, &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_demo_book_loads() {
    let start = std::time::Instant::now();
    let book = pricebook::load(&read("demo"), None);
    eprintln!("{:?}", start.elapsed());
    match book {
        Ok(_) => {}
        Err(problems) => panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}
