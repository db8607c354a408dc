//! The day, and the log.

use crate::handle::{borrow, EMPTY};
use cmatch_sys as sys;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// How serious a log record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum Level {
    /// Everything.
    Trace = sys::CMATCH_LOG_TRACE,
    /// Compatible checks.
    Debug = sys::CMATCH_LOG_DEBUG,
    /// Incompatible checks, rules loaded.
    Info = sys::CMATCH_LOG_INFO,
    /// Descriptors and profiles that cannot be judged.
    Warn = sys::CMATCH_LOG_WARN,
    /// Rules rejected.
    Error = sys::CMATCH_LOG_ERROR,
}

impl Level {
    fn of(level: i32) -> Self {
        match level {
            sys::CMATCH_LOG_TRACE => Self::Trace,
            sys::CMATCH_LOG_DEBUG => Self::Debug,
            sys::CMATCH_LOG_INFO => Self::Info,
            sys::CMATCH_LOG_WARN => Self::Warn,
            _ => Self::Error,
        }
    }
}

type Hook = dyn Fn(Level, &str) + Send + Sync;

/// How a matcher or a store is made.
#[derive(Clone, Default)]
pub struct Options {
    today: String,
    log: Option<(Level, Arc<Hook>)>,
}

impl Options {
    /// No day, so that nothing expires, and no log.
    pub fn new() -> Self {
        Self::default()
    }

    /// `"YYYY-MM-DD"`: overlays and waivers expire by it. Another form is a [`crate::RulesError`].
    #[must_use]
    pub fn today(mut self, today: impl Into<String>) -> Self {
        self.today = today.into();
        self
    }

    /// Hands each record of at least `level` to `hook`: a JSON object on one line.
    ///
    /// ```json
    /// {"event":"model_incompatible","model_id":"...","worker_id":"...","rules":"xxh128:...",
    ///  "generation":1,"failed_rules":["CMATCH-8030.1"],"duration_us":3}
    /// ```
    ///
    /// It is called on the thread that checks, from several at once. It may use this crate, but not
    /// reload the store it is the log of. A panic ends the call of the hook, not the check. With
    /// `tracing`: `|level, json| match level { Level::Info => tracing::info!(target:
    /// "capability_matcher", record = json), ... }`.
    #[must_use]
    pub fn log(mut self, level: Level, hook: impl Fn(Level, &str) + Send + Sync + 'static) -> Self {
        self.log = Some((level, Arc::new(hook)));
        self
    }

    /// Calls `make` with the C form; `made` says of its result whether the call succeeded, in
    /// which case the library owns a reference to the hook.
    pub(crate) fn with_c<R>(
        &self,
        make: impl FnOnce(*const sys::cmatch_options) -> R,
        made: impl FnOnce(&R) -> bool,
    ) -> R {
        let user = match &self.log {
            // The Arc is a fat pointer, which takes a box to be handed over as one word.
            Some((_, hook)) => Box::into_raw(Box::new(Arc::clone(hook))),
            None => std::ptr::null_mut(),
        };
        let logs = !user.is_null();
        let options = sys::cmatch_options {
            struct_size: std::mem::size_of::<sys::cmatch_options>(),
            today: if self.today.is_empty() { EMPTY } else { borrow(&self.today) },
            log: if logs { Some(on_record) } else { None },
            log_user: user.cast::<c_void>(),
            log_free: if logs { Some(on_free) } else { None },
            log_level: self.log.as_ref().map_or(sys::CMATCH_LOG_OFF, |(level, _)| *level as i32),
            reserved: 0,
        };
        let result = make(&options);
        if logs && !made(&result) {
            // SAFETY: a call that failed does not call `log_free` and keeps no pointer to `user`
            // (cmatch_options), which came from Box::into_raw above.
            unsafe { on_free(user.cast::<c_void>()) };
        }
        result
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let level = self.log.as_ref().map(|(level, _)| level);
        f.debug_struct("Options").field("today", &self.today).field("log", &level).finish()
    }
}

/// Runs `body`; a panic goes no further. The payload is leaked: dropping it might panic again.
fn contain(body: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(body)) {
        std::mem::forget(payload);
    }
}

/// # Safety
/// `user` is from [`Options::with_c`] and not freed, and `json` valid during the call.
unsafe extern "C" fn on_record(user: *mut c_void, level: i32, json: sys::cmatch_str) {
    contain(|| {
        // SAFETY: the library calls `log` only before `log_free`. The hook is Sync, so that shared
        // references from several threads are in order.
        let hook = unsafe { &*user.cast::<Arc<Hook>>() };
        // SAFETY: `json` is valid during the call.
        let json = unsafe { crate::handle::copy(json) };
        hook(Level::of(level), &json);
    });
}

/// # Safety
/// `user` is from [`Options::with_c`], and this is its last use.
unsafe extern "C" fn on_free(user: *mut c_void) {
    // SAFETY: it came from Box::into_raw, and is freed once (cmatch_options.log_free).
    contain(|| drop(unsafe { Box::from_raw(user.cast::<Arc<Hook>>()) }));
}
