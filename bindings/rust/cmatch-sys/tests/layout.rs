//! The structs as declared here against those of the library that is linked.

use cmatch_sys::*;
use std::mem::size_of;

fn library_size(name: &str) -> usize {
    let name = cmatch_str { ptr: name.as_ptr().cast(), len: name.len() };
    // SAFETY: `name` points to `len` readable bytes for the whole call.
    unsafe { cmatch_sizeof(name) }
}

#[test]
fn the_library_is_of_the_abi_declared() {
    // SAFETY: takes nothing and touches no state.
    assert_eq!(unsafe { cmatch_abi_version() }, CMATCH_ABI_VERSION);
}

#[test]
fn structs_have_the_sizes_of_c() {
    let declared = [
        ("cmatch_str", size_of::<cmatch_str>()),
        ("cmatch_pair", size_of::<cmatch_pair>()),
        ("cmatch_problem", size_of::<cmatch_problem>()),
        ("cmatch_options", size_of::<cmatch_options>()),
        ("cmatch_model_options", size_of::<cmatch_model_options>()),
        ("cmatch_mcd", size_of::<cmatch_mcd>()),
        ("cmatch_ecp", size_of::<cmatch_ecp>()),
        ("cmatch_worker_choice", size_of::<cmatch_worker_choice>()),
        ("cmatch_verdict", size_of::<cmatch_verdict>()),
        ("cmatch_fleet_options", size_of::<cmatch_fleet_options>()),
        ("cmatch_fleet_counts", size_of::<cmatch_fleet_counts>()),
        ("cmatch_finding", size_of::<cmatch_finding>()),
    ];
    for (name, size) in declared {
        assert_eq!(size, library_size(name), "{name}");
    }
    assert_eq!(library_size("nothing"), 0);
}

/// Every declared function is one of the library's, and the reverse.
#[test]
fn functions_are_those_of_the_export_list() {
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../../c/abi.txt");
    let list = match std::fs::read_to_string(list) {
        Ok(text) => text,
        Err(_) => return, // The crate alone, without the repository around it.
    };
    let mut exported: Vec<&str> = list.lines().filter(|l| l.starts_with("cmatch_")).collect();
    let mut declared: Vec<&str> = include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn "))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    exported.sort_unstable();
    declared.sort_unstable();
    assert_eq!(declared, exported);
}
