//! Owned handles, text, and the shape of every fallible call of `cmatch.h`.
//!
//! The rules of the header that the `unsafe` blocks of this crate rest on, by its numbering:
//! (1) one `_free` each, once; (3) `out` is NULL unless the call succeeded, `error` is NULL or ours
//! to free; (4) text handed in is copied during the call, text handed out lives as long as its
//! object; (5) `struct_size`; (6) rules, models, workers, fleets, reports and errors never change once
//! made, any number of threads may use one, and objects keep alive what they need; (7) nothing
//! throws.

use cmatch_sys as sys;
use std::ffi::CStr;
use std::os::raw::c_char;
use std::ptr::NonNull;

/// A type of the library that has a `_free` function.
pub(crate) trait Freed {
    /// # Safety
    /// `object` was made by the library, is not freed yet, and is not used afterwards.
    unsafe fn free(object: *mut Self);
}

macro_rules! freed {
    ($($name:ident => $free:ident),+ $(,)?) => {$(
        impl Freed for sys::$name {
            unsafe fn free(object: *mut Self) {
                // SAFETY: that of this function, which is that of the `_free` function.
                unsafe { sys::$free(object) }
            }
        }
    )+};
}

freed!(
    cmatch_text => cmatch_text_free,
    cmatch_error => cmatch_error_free,
    cmatch_rules => cmatch_rules_free,
    cmatch_store => cmatch_store_free,
    cmatch_model => cmatch_model_free,
    cmatch_worker => cmatch_worker_free,
    cmatch_fleet => cmatch_fleet_free,
    cmatch_report => cmatch_report_free,
);

/// An object of the library that is freed when this goes.
pub(crate) struct Handle<T: Freed>(NonNull<T>);

impl<T: Freed> Handle<T> {
    /// None for NULL.
    ///
    /// # Safety
    /// `object` is NULL or an object that the caller owns and hands over.
    pub(crate) unsafe fn own(object: *mut T) -> Option<Self> {
        NonNull::new(object).map(Self)
    }

    /// Valid as long as `self`.
    pub(crate) fn get(&self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Freed> Drop for Handle<T> {
    fn drop(&mut self) {
        // SAFETY: `own` was handed the object, nothing else frees it, and `self` ends here (1).
        unsafe { T::free(self.0.as_ptr()) }
    }
}

// SAFETY: for each of the types of `freed!`, rule (6): they never change once made (a store:
// takes its own locks), any thread may use one at the same time as others, and any thread may free
// it. `Handle` gives out no `&mut`, and freeing is the last use, since it takes the handle.
unsafe impl<T: Freed> Send for Handle<T> {}
// SAFETY: as above.
unsafe impl<T: Freed> Sync for Handle<T> {}

/// What a call of the library gives.
pub(crate) struct Answer<T: Freed> {
    pub(crate) status: sys::cmatch_status,
    pub(crate) object: Option<Handle<T>>,
    pub(crate) error: Option<Handle<sys::cmatch_error>>,
}

/// Calls a function with the two last arguments that all makers of objects have.
///
/// # Safety
/// `make` hands its two arguments to one function of the library as `out` and `error`, and what
/// else that function needs holds.
pub(crate) unsafe fn call<T: Freed>(
    make: impl FnOnce(*mut *mut T, *mut *mut sys::cmatch_error) -> sys::cmatch_status,
) -> Answer<T> {
    let mut object = std::ptr::null_mut();
    let mut error = std::ptr::null_mut();
    let status = make(&mut object, &mut error);
    // SAFETY: both are NULL or objects that are now ours (3).
    unsafe { Answer { status, object: Handle::own(object), error: Handle::own(error) } }
}

/// Borrows: the result is not to outlive `text`.
pub(crate) fn borrow(text: &str) -> sys::cmatch_str {
    borrow_bytes(text.as_bytes())
}

pub(crate) fn borrow_bytes(bytes: &[u8]) -> sys::cmatch_str {
    sys::cmatch_str { ptr: bytes.as_ptr().cast::<c_char>(), len: bytes.len() }
}

/// Borrows each; the result is not to outlive them.
pub(crate) fn borrow_all(texts: &[String]) -> Vec<sys::cmatch_str> {
    texts.iter().map(|text| borrow(text)).collect()
}

pub(crate) const EMPTY: sys::cmatch_str = sys::cmatch_str { ptr: std::ptr::null(), len: 0 };

/// A copy, in which what is not UTF-8 (paths may not be) is replaced.
///
/// # Safety
/// The object that `text` was asked of lives.
pub(crate) unsafe fn copy(text: sys::cmatch_str) -> String {
    if text.ptr.is_null() || text.len == 0 {
        return String::new();
    }
    // SAFETY: `ptr` is not NULL and has `len` bytes as long as its object lives (4).
    let bytes = unsafe { std::slice::from_raw_parts(text.ptr.cast::<u8>(), text.len) };
    String::from_utf8_lossy(bytes).into_owned()
}

/// # Safety
/// As for [`copy`], for the array and each text in it.
pub(crate) unsafe fn copy_all(texts: *const sys::cmatch_str, count: usize) -> Vec<String> {
    if texts.is_null() || count == 0 {
        return Vec::new();
    }
    // SAFETY: the array is not NULL and has `count` elements as long as its object lives (4).
    let texts = unsafe { std::slice::from_raw_parts(texts, count) };
    // SAFETY: that of this function.
    texts.iter().map(|&text| unsafe { copy(text) }).collect()
}

/// # Safety
/// `text` is NULL or static text that ends in NUL.
pub(crate) unsafe fn static_text(text: *const c_char) -> &'static str {
    if text.is_null() {
        return "";
    }
    // SAFETY: that of this function.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}

/// The JSON form of an object. None: out of memory.
///
/// # Safety
/// `make` hands its argument to a `_json` function of the library as `out`.
pub(crate) unsafe fn json(
    make: impl FnOnce(*mut *mut sys::cmatch_text) -> sys::cmatch_status,
) -> Option<String> {
    let mut text = std::ptr::null_mut();
    make(&mut text);
    // SAFETY: NULL, or ours to free (3).
    let text = unsafe { Handle::own(text) }?;
    // SAFETY: `text` lives to the end of this function.
    Some(unsafe { copy(sys::cmatch_text_str(text.get())) })
}
