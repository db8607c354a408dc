//! The calls of embed_bench.cc through the safe Rust surface, `count` at a time: a loop in Rust, so
//! that one crossing from C++ is shared by many calls.

use capability_matcher::{
    CapabilityMatcher, EngineCapabilityProfile, Model, ModelCapabilityDescriptor, Worker,
};
use std::os::raw::c_char;

pub struct State {
    matcher: CapabilityMatcher,
    mcd_json: String,
    ecp_json: String,
    mcd: ModelCapabilityDescriptor,
    ecp: EngineCapabilityProfile,
    model: Model,
    worker: Worker,
}

/// # Safety
/// `text` points to `len` bytes.
unsafe fn copy(text: *const c_char, len: usize) -> String {
    // SAFETY: that of this function.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), len) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// # Safety
/// Both point to so many bytes.
#[no_mangle]
pub unsafe extern "C" fn bench_rust_new(
    mcd: *const c_char,
    mcd_len: usize,
    ecp: *const c_char,
    ecp_len: usize,
) -> *mut State {
    // SAFETY: that of this function.
    let (mcd_json, ecp_json) = unsafe { (copy(mcd, mcd_len), copy(ecp, ecp_len)) };
    let make = || -> Result<State, Box<dyn std::error::Error>> {
        let first = |mut errors: Vec<_>| errors.remove(0);
        let matcher = CapabilityMatcher::builtin()?;
        let model = matcher.model_from_json(&mcd_json).map_err(first)?;
        let worker = matcher.worker_from_json(&ecp_json).map_err(first)?;
        let (mcd, ecp) = (model.descriptor()?, worker.profile()?);
        Ok(State { matcher, mcd_json, ecp_json, mcd, ecp, model, worker })
    };
    match make() {
        Ok(state) => Box::into_raw(Box::new(state)),
        Err(_) => std::ptr::null_mut(),
    }
}

/// # Safety
/// `state` is of `bench_rust_new`, and not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn bench_rust_free(state: *mut State) {
    if !state.is_null() {
        // SAFETY: that of this function.
        drop(unsafe { Box::from_raw(state) });
    }
}

/// How many of `count` calls say that the pair fits. `what`: 0 the verdict of a bound pair, 1 every
/// reason of a bound pair, 2 from structs, 3 from JSON.
///
/// # Safety
/// `state` is of `bench_rust_new`.
#[no_mangle]
pub unsafe extern "C" fn bench_rust_run(state: *const State, what: i32, count: usize) -> usize {
    // SAFETY: that of this function.
    let s = unsafe { &*state };
    let fits = |_: &usize| match what {
        0 => s.matcher.fits(&s.model, &s.worker) == Ok(true),
        1 => s.matcher.check_pair(&s.model, &s.worker).is_ok(),
        2 => s.matcher.check(&s.mcd, &s.ecp).is_ok(),
        _ => s.matcher.check_json(&s.mcd_json, &s.ecp_json).is_ok(),
    };
    (0..count).filter(fits).count()
}
