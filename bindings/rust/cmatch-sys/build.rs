//! Finds or builds libcmatch. In this order:
//!
//! 1. `CMATCH_LIB_DIR`: the folder with libcmatch.a or libcmatch.so. `CMATCH_STATIC` = 1 or 0
//!    chooses; left out: the shared one where there is one.
//! 2. `CMATCH_NO_VENDOR` (set, not 0): what pkg-config says of `cmatch`; with `CMATCH_STATIC=1`
//!    its static form. `PKG_CONFIG` names the program.
//! 3. Else the sources around this crate, built by CMake (`CMAKE` names the program) as a static
//!    library. Nothing is downloaded.
//!
//! Dependents get `DEP_CMATCH_ROOT`, and `DEP_CMATCH_INCLUDE` where the header's folder is known.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{exit, Command};

/// What libcmatch.a needs, in link order (`Libs.private` of cmatch.pc).
const STATIC_NEEDS: [&str; 4] = ["yaml-cpp", "spdlog", "fmt", "stdc++"];
/// What the bundled build reads, below the root of the sources.
const SOURCES: [&str; 7] =
    ["CMakeLists.txt", "cmake", "engine", "parsers", "gpu", "rules", "bindings/c"];

fn main() {
    let built = match variable("CMATCH_LIB_DIR") {
        Some(folder) => from_folder(Path::new(&folder)),
        None if is_on("CMATCH_NO_VENDOR") => from_pkg_config(),
        None => from_sources(),
    };
    if let Err(message) = built {
        eprintln!("cmatch-sys: {message}");
        exit(1);
    }
}

/// An environment variable that is set and not empty; a change of it runs this script again.
fn variable(name: &str) -> Option<String> {
    println!("cargo:rerun-if-env-changed={name}");
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn is_on(name: &str) -> bool {
    matches!(variable(name), Some(value) if value != "0")
}

fn link_static(folder: &Path) {
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=static=cmatch");
    for library in STATIC_NEEDS {
        println!("cargo:rustc-link-lib=dylib={library}");
    }
}

fn from_folder(folder: &Path) -> Result<(), String> {
    let archive = folder.join("libcmatch.a");
    let shared = folder.join("libcmatch.so");
    let want_static = match variable("CMATCH_STATIC") {
        Some(value) => value != "0",
        None => !shared.is_file(),
    };
    let library = if want_static { &archive } else { &shared };
    if !library.is_file() {
        return Err(format!("CMATCH_LIB_DIR: there is no {}", library.display()));
    }
    println!("cargo:rerun-if-changed={}", library.display());
    println!("cargo:root={}", folder.display());
    if want_static {
        link_static(folder);
    } else {
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-lib=dylib=cmatch");
    }
    Ok(())
}

fn from_pkg_config() -> Result<(), String> {
    let program = variable("PKG_CONFIG").unwrap_or_else(|| "pkg-config".to_string());
    for name in ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let want_static = is_on("CMATCH_STATIC");
    let ask = |arguments: &[&str]| -> Result<String, String> {
        let mut command = Command::new(&program);
        command.args(arguments).arg("cmatch >= 0.1");
        output(&mut command)
    };
    let flags = if want_static { ask(&["--libs", "--static"])? } else { ask(&["--libs"])? };
    for flag in flags.split_whitespace() {
        if let Some(folder) = flag.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={folder}");
        } else if let Some(library) = flag.strip_prefix("-l") {
            let kind = if want_static && library == "cmatch" { "static" } else { "dylib" };
            println!("cargo:rustc-link-lib={kind}={library}");
        }
    }
    // pkg-config leaves out the -L of system folders, where rustc does not look for archives.
    if want_static {
        let folder = output(Command::new(&program).args(["--variable=libdir", "cmatch"]))?;
        println!("cargo:rustc-link-search=native={}", folder.trim());
    }
    let root = output(Command::new(&program).args(["--variable=prefix", "cmatch"]))?;
    let include = output(Command::new(&program).args(["--variable=includedir", "cmatch"]))?;
    println!("cargo:root={}", root.trim());
    println!("cargo:include={}", include.trim());
    Ok(())
}

fn from_sources() -> Result<(), String> {
    let here = PathBuf::from(required("CARGO_MANIFEST_DIR")?);
    let root = here.join("../../..");
    let header = root.join("bindings/c/include");
    if !header.join("cmatch.h").is_file() {
        return Err("the sources of libcmatch are not around this crate: set CMATCH_LIB_DIR, or \
                    CMATCH_NO_VENDOR=1 to ask pkg-config"
            .to_string());
    }
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    let build = PathBuf::from(required("OUT_DIR")?).join("build");
    let cmake = variable("CMAKE").unwrap_or_else(|| "cmake".to_string());
    for name in ["CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    // --fresh: a target folder that several checkouts share may hold the cache of another one.
    run(Command::new(&cmake).arg("--fresh").arg("-S").arg(&root).arg("-B").arg(&build).args([
        "-DCMAKE_BUILD_TYPE=Release",
        "-DCMATCH_BUILD_TESTS=OFF",
        "-DCMATCH_BUILD_BENCH=OFF",
        "-DCMATCH_BUILD_CLI=OFF",
        "-DCMATCH_INSTALL=OFF",
        "-DCMATCH_WITH_CUDA=OFF",
    ]))?;
    let jobs = env::var("NUM_JOBS").unwrap_or_else(|_| "1".to_string());
    run(Command::new(&cmake).arg("--build").arg(&build).args([
        "--target",
        "cmatch_c_static",
        "--parallel",
        &jobs,
    ]))?;
    link_static(&build.join("bindings/c"));
    println!("cargo:root={}", build.display());
    println!("cargo:include={}", header.display());
    Ok(())
}

fn required(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("{name} is not set: this is a build script of cargo"))
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {}", output.status, said.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
