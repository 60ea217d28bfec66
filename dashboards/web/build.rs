//! Assets are embedded by a macro that cannot see new files by itself; this tells Cargo to look.
fn main() {
    println!("cargo:rerun-if-changed=assets/dist");
}
