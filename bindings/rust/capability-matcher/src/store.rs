//! A rule set that operators may change while it serves.

use crate::error::{make, Failure, RulesError};
use crate::handle::{borrow, Handle};
use crate::matcher::{borrow_paths, check_abi, CapabilityMatcher};
use crate::options::Options;
use cmatch_sys as sys;
use std::path::Path;

/// Holds the current rule set of a program. Any number of threads may use one; readers never wait
/// for a reload.
pub struct RuleStore(Handle<sys::cmatch_store>);

impl RuleStore {
    /// Loads directories (none: the built-in set) and runs their regression cases. Blocks.
    pub fn new<P: AsRef<Path>>(directories: &[P], options: &Options) -> Result<Self, RulesError> {
        check_abi()?;
        let paths = borrow_paths(directories);
        let made = options.with_c(
            // SAFETY: `paths`, the paths they borrow and `c` outlive the call.
            |c| unsafe {
                make(|out, error| sys::cmatch_store_new(paths.as_ptr(), paths.len(), c, out, error))
            },
            |made| made.is_ok(),
        );
        made.map(Self).map_err(Failure::into_rules_error)
    }

    /// Reads the directories of the last load again. `Err`: the set in use stays, and the error
    /// lists every problem. Blocks; calls take turns.
    pub fn reload(&self) -> Result<(), RulesError> {
        self.load(std::ptr::null(), 0)
    }

    /// As [`Self::reload`], from other directories.
    pub fn reload_from<P: AsRef<Path>>(&self, directories: &[P]) -> Result<(), RulesError> {
        let paths = borrow_paths(directories);
        self.load(paths.as_ptr(), paths.len())
    }

    fn load(&self, paths: *const sys::cmatch_str, count: usize) -> Result<(), RulesError> {
        // SAFETY: the store lives; `paths` is NULL or of the caller, which outlives the call.
        self.change(|error| unsafe { sys::cmatch_store_reload(self.0.get(), paths, count, error) })
    }

    /// The day by which matchers from then on judge overlays and waivers: once a day in a daemon.
    pub fn set_today(&self, today: &str) -> Result<(), RulesError> {
        // SAFETY: the store lives, and `today` outlives the call.
        self.change(|error| unsafe {
            sys::cmatch_store_set_today(self.0.get(), borrow(today), error)
        })
    }

    fn change(
        &self,
        change: impl FnOnce(*mut *mut sys::cmatch_error) -> sys::cmatch_status,
    ) -> Result<(), RulesError> {
        let mut error = std::ptr::null_mut();
        let status = change(&mut error);
        // SAFETY: NULL, or ours to free (3).
        let error = unsafe { Handle::own(error) };
        if status == sys::CMATCH_OK {
            return Ok(());
        }
        Err(Failure::new(status, error).into_rules_error())
    }

    /// The current set. Models and workers of an older one are rebound, or looked up again.
    pub fn matcher(&self) -> Result<CapabilityMatcher, RulesError> {
        // SAFETY: the store lives, and the reference it gives is ours to free.
        let rules = unsafe { Handle::own(sys::cmatch_store_get(self.0.get())) };
        rules.map(CapabilityMatcher::of).ok_or_else(|| RulesError::of("the store has no rules"))
    }

    /// Which load is in use, from 1.
    pub fn generation(&self) -> u64 {
        // SAFETY: the store lives.
        unsafe { sys::cmatch_store_generation(self.0.get()) }
    }
}
