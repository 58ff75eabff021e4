//! The binary: hands its arguments to the library and answers its exit code.

fn main() -> std::process::ExitCode {
    smartretro::cli::run()
}
