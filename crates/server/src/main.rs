//! `till`: the till of a cloud. See `till --help`.

fn main() -> std::process::ExitCode {
    server::cli::main()
}
