//! `till`: the till of a cloud. See `till --help`.

/// Settlement makes and drops very many small vectors on all cores, which this one is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    server::cli::main()
}
